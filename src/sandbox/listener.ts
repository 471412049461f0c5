import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { constants, createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { pipeline, type Writable } from 'node:stream';
import { cut, type WireRequest, type WireResponse } from './wire.ts';

/** The largest body that any operation takes: a function's code, sent as base64 (Lambda API reference and quotas). */
const mostBodyBytes = 70_167_211;
/** A client that does not send its request within this time is dropped. */
const requestTimeoutMs = 30_000;

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers a request, or has its connection cut. Must not reject. */
export type Answer = (request: WireRequest) => Promise<WireResponse | typeof cut>;

/**
 * Listens on one port of the loopback interface for HTTP/1.1 and for HTTP/2 without TLS: the JavaScript SDK speaks HTTP/2
 * to Kinesis, everything else speaks 1.1 (as the AWS SDKs do). The first bytes of a connection tell which it is.
 * @throws the operating system's error when the port is taken.
 */
export async function listen(options: { readonly port: number; readonly host: string; readonly answer: Answer }): Promise<Listener> {
  const http1 = createHttp1Server({ requestTimeout: requestTimeoutMs, maxHeaderSize: 32 * 1024, keepAliveTimeout: 60_000 });
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 256, maxHeaderListSize: 32 * 1024 } });
  const handle = (message: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
    void serve(message, response, options.answer);
  };
  http1.on('request', handle);
  http2.on('request', handle);
  // A client that breaks the protocol ends its own session, nothing else.
  http2.on('session', (session) => session.on('error', () => session.destroy()));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.setTimeout(requestTimeoutMs, () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      const target = first.subarray(0, 3).toString('latin1') === 'PRI' ? http2 : http1;
      target.emit('connection', socket);
      socket.unshift(first);
      // The server that took the socket over has to attach its own listeners before the first bytes come again.
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        http1.close();
        http2.close();
      }),
  };
}

async function serve(
  message: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  answer: Answer,
): Promise<void> {
  const body = await readBody(message);
  if (body === undefined) {
    write(message, response, { status: 413, headers: { 'content-length': '0', connection: 'close' }, body: '' });
    return;
  }
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  // HTTP/2 has no Host header; the SDK signs what stands in its place under its own name.
  const authority = headers[constants.HTTP2_HEADER_AUTHORITY];
  if (headers['host'] === undefined && authority !== undefined) headers['host'] = authority;
  const request: WireRequest = {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
    onClose: (listener) => response.once('close', listener),
  };
  const answered = await answer(request);
  if (answered === cut) disconnect(message);
  else write(message, response, answered);
}

/** Cuts the connection that a request came by. Over HTTP/2, other requests that are under way on it are cut off, too. */
function disconnect(message: IncomingMessage | Http2ServerRequest): void {
  if (message.httpVersionMajor === 2) (message as Http2ServerRequest).stream.session?.destroy();
  else message.socket.destroy();
}

/** The whole body, or `undefined` when it is larger than anything AWS takes. A connection that breaks ends the wait. */
function readBody(message: IncomingMessage | Http2ServerRequest): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > mostBodyBytes) resolve(undefined);
      else chunks.push(chunk);
    });
    message.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    message.on('error', () => resolve(undefined));
    message.on('close', () => resolve(undefined));
  });
}

function write(message: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse, answer: WireResponse): void {
  if (message.httpVersionMajor === 2) {
    const stream = (message as Http2ServerRequest).stream;
    if (stream.destroyed || stream.closed) return;
    // HTTP/2 has no connection headers, and refuses a response that carries one.
    const { connection: _, ...headers } = answer.headers;
    stream.on('error', () => undefined);
    const empty = isWhole(answer.body) && answer.body.length === 0;
    stream.respond({ ':status': answer.status, date: new Date().toUTCString(), ...headers }, { endStream: empty });
    if (!empty) send(stream, answer.body);
    return;
  }
  const http1 = response as ServerResponse;
  if (http1.destroyed) return;
  http1.writeHead(answer.status, { ...answer.headers });
  send(http1, answer.body);
}

function isWhole(body: WireResponse['body']): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Pieces go out as they come, no faster than the client takes them. When their source fails, or the client goes, both ends are let go. */
function send(to: Writable, body: WireResponse['body']): void {
  if (isWhole(body)) to.end(body);
  else pipeline(body, to, () => undefined);
}
