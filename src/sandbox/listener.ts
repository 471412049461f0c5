import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { constants, createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { guardFrames } from './frame-guard.ts';
import { superviseSession } from './http2-session.ts';
import { type Limits, usualLimits } from './limits.ts';
import { readBody } from './request-body.ts';
import { cut, type RequestHead, type WireRequest, type WireResponse } from './wire.ts';
import { finishEarly, write } from './wire-response.ts';

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

export interface Listening {
  /** 0 takes a free one. */
  readonly port: number;
  /** Address or name. */
  readonly host: string;
  /** Decides about a request before its body is read. @returns the answer to one that is refused. `hosts` is all that it says about whom it is for. */
  readonly refuse: (head: RequestHead, hosts: readonly string[]) => WireResponse | undefined;
  /** How many bytes of a body are taken from whoever sends this. */
  readonly mostBodyBytes: (head: RequestHead) => number;
  /** Answers a request, or has its connection cut. Must not reject. */
  readonly answer: (request: WireRequest) => Promise<WireResponse | typeof cut>;
  readonly limits?: Partial<Limits>;
  /** Is told of an answer that could not be sent because of what it is. Its connection is closed. */
  readonly onBug: (error: unknown) => void;
}

type Message = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/**
 * Listens on one port for HTTP/1.1 and for HTTP/2 without TLS: the JavaScript SDK speaks HTTP/2 to Kinesis, everything else
 * speaks 1.1 (as the AWS SDKs do). The first bytes of a connection tell which it is.
 * @throws the operating system's error when the port is taken or there is no such address.
 */
export async function listen(options: Listening): Promise<Listener> {
  const limits: Limits = { ...usualLimits, ...options.limits };
  const http1 = createHttp1Server({
    headersTimeout: limits.headMs,
    // The time of a body is limited where it is read, for both versions of HTTP alike.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(2_000, limits.headMs),
    maxHeaderSize: limits.headBytes,
  });
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: limits.headBytes } });
  for (const server of [http1, http2]) {
    const take = (message: Message, response: Response, proceed?: () => void) => {
      serve(message, response, options, limits, proceed).catch((error) => {
        options.onBug(error);
        write(message, response, cut, limits);
      });
    };
    server.on('request', (message: Message, response: Response) => take(message, response));
    server.on('checkContinue', (message: Message, response: Response) => take(message, response, () => response.writeContinue()));
  }
  http2.on('session', (session) => superviseSession(session, limits));

  // Node enforces its limits on the connections of a server that listens, so the HTTP/1.1 server is the one that does; what
  // it would do with a connection waits until the first bytes say that it is for it.
  const takeHttp1 = http1.listeners('connection');
  http1.removeAllListeners('connection');
  // Headers beyond a number would be left out; their size is limited anyway.
  http1.maxHeadersCount = 0;
  http1.maxConnections = limits.connections;
  const sockets = new Set<Socket>();
  http1.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    sniff(socket, limits, (isHttp2) => {
      // Half-closed connections are a matter of HTTP/1.1, where the answer may come after the client's last byte.
      socket.allowHalfOpen = !isHttp2;
      if (isHttp2) http2.emit('connection', guardFrames(socket));
      else for (const take of takeHttp1) take.call(http1, socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    http1.once('error', reject);
    http1.listen(options.port, options.host, () => resolve());
  });
  return {
    port: (http1.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        http1.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        http2.close();
      }),
  };
}

/** What every HTTP/2 connection begins with, as far as it differs from any method of HTTP/1.1. */
const prefaceStart = 'PRI';

/** Tells from the first bytes of a connection which version of HTTP it speaks, and puts them back. */
function sniff(socket: Socket, limits: Limits, tell: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const tooSlow = setTimeout(() => socket.destroy(), limits.headMs);
  socket.on('close', () => clearTimeout(tooSlow));
  const gaveUp = (): void => void socket.destroy();
  socket.once('end', gaveUp);
  const look = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    if (seen.length < prefaceStart.length) return;
    clearTimeout(tooSlow);
    socket.off('data', look);
    socket.off('end', gaveUp);
    socket.pause();
    tell(seen.toString('latin1', 0, prefaceStart.length) === prefaceStart);
    socket.unshift(seen);
    // The server that took the socket over has to attach its own listeners before the first bytes come again.
    process.nextTick(() => socket.resume());
  };
  socket.on('data', look);
}

async function serve(message: Message, response: Response, options: Listening, limits: Limits, proceed?: () => void): Promise<void> {
  const head = headOf(message);
  const refused = options.refuse(head, hostsOf(message));
  if (refused !== undefined) return finishEarly(message, response, refused, limits);
  const body = await readBody(message, { most: options.mostBodyBytes(head), withinMs: limits.bodyMs }, proceed);
  if (body.kind === 'gone') return;
  if (body.kind === 'late') return finishEarly(message, response, { status: 408, headers: { 'content-length': '0' }, body: '' }, limits);
  const onClose = (listener: () => void) => void response.once('close', listener);
  if (body.kind === 'too-large') {
    const answer = await options.answer({ ...head, body: Buffer.alloc(0), bodyTooLarge: true, onClose });
    return finishEarly(message, response, answer, limits);
  }
  const hash = body.sha256 === undefined ? {} : { bodySha256: body.sha256 };
  write(message, response, await options.answer({ ...head, body: body.bytes, ...hash, onClose }), limits);
}

function headOf(message: Message): RequestHead {
  const url = message.url ?? '';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  // HTTP/2 has no Host header; the SDK signs what stands in its place under its own name.
  const authority = headers[constants.HTTP2_HEADER_AUTHORITY];
  if (headers['host'] === undefined && authority !== undefined) headers['host'] = authority;
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
  };
}

/** All that a request says about whom it is for, repetitions included. */
function hostsOf({ rawHeaders }: Message): readonly string[] {
  const isHost = (name: string) => name === constants.HTTP2_HEADER_AUTHORITY || name.toLowerCase() === 'host';
  return rawHeaders.filter((_, index) => index % 2 === 1 && isHost(rawHeaders[index - 1] ?? ''));
}
