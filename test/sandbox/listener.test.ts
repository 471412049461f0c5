import { createHash, randomBytes } from 'node:crypto';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Limits } from '../../src/sandbox/limits.ts';
import { type Listener, listen } from '../../src/sandbox/listener.ts';
import type { WireRequest, WireResponse } from '../../src/sandbox/wire.ts';
import { Connection } from '../support/connection.ts';
import { clientPreface, flags, frame, getHealth, headerBlock } from '../support/http2-frames.ts';
import { patience } from '../support/patience.ts';
import { send } from '../support/raw-http.ts';

/** Limits that a test waits for. Where it waits for something else, a machine that stands still for a moment must not come up against them. */
const brief: Limits = {
  headMs: 200,
  bodyMs: 300,
  answerMs: 300,
  lingerMs: 100,
  idleMs: 400,
  idleSessionMs: 400,
  headBytes: 32 * 1024,
  connections: 20,
  streams: 16,
};
const limits: Limits = { ...brief, headMs: 10_000, bodyMs: 10_000, answerMs: 10_000, idleMs: 10_000, idleSessionMs: 10_000 };
const mostBytes = 100_000;

let listener: Listener;
let connections: Connection[] = [];
let bugs: unknown[] = [];
/** What the server does with requests; each test may say. */
let answer: (request: WireRequest) => Promise<WireResponse>;

beforeEach(async () => {
  answer = async ({ body, bodyTooLarge }) => text(bodyTooLarge ? 'too large' : `${body.length} bytes`, bodyTooLarge ? 413 : 200);
  listener = await start(limits);
});

/** Another listener, with limits of its own. */
async function restart(withLimits: Limits): Promise<void> {
  await listener.close();
  listener = await start(withLimits);
}

function start(withLimits: Limits): Promise<Listener> {
  return listen({
    port: 0,
    host: '127.0.0.1',
    refuse: ({ headers }) => (headers['x-refused'] === undefined ? undefined : text('refused', 403)),
    mostBodyBytes: ({ headers }) => (headers['x-large'] === undefined ? mostBytes : 50 * mostBytes),
    answer: (request) => answer(request),
    onBug: (error) => bugs.push(error),
    limits: withLimits,
  });
}

afterEach(async () => {
  for (const connection of connections) connection.end();
  connections = [];
  bugs = [];
  await listener.close();
});

function text(body: string, status = 200): WireResponse {
  return { status, headers: { 'content-length': String(body.length) }, body };
}

function open(bytes?: string | Uint8Array, options: { readonly reads?: boolean } = {}): Connection {
  const connection = new Connection(listener.port, options);
  connections.push(connection);
  if (bytes !== undefined) connection.send(bytes);
  return connection;
}

async function closes(connection: Connection): Promise<void> {
  await vi.waitUntil(() => connection.closed, patience);
}

async function shows(connection: Connection, what: string): Promise<void> {
  await vi.waitUntil(() => connection.received.includes(what), patience);
}

async function livesOn(): Promise<void> {
  expect(await send(listener.port, { body: 'abc' })).toMatchObject({ status: 200, body: '3 bytes' });
}

const head = 'POST / HTTP/1.1\r\nHost: localhost\r\n';

describe('a client that takes its time is dropped', () => {
  beforeEach(() => restart(brief));

  it('when it says nothing, or too little to tell which HTTP it speaks', async () => {
    await Promise.all([open(), open('P')].map(closes));
  });

  it('when its headers do not come to an end, at once or byte by byte', async () => {
    const [silent, dribbling] = [open(head), open(head)];
    dribbling.keepSending('X', 20);
    await Promise.all([silent, dribbling].map(closes));
    expect(silent.received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('when the headers of a later request on its connection do not', async () => {
    const connection = open(`${head}Content-Length: 0\r\n\r\n`);
    await shows(connection, '0 bytes');
    connection.send(head);
    connection.keepSending('X', 20);
    await closes(connection);
  });

  it('when its body does not come to an end, with a length or in chunks', async () => {
    const announced = open(`${head}Content-Length: 100\r\n\r\nab`);
    const chunked = open(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    chunked.keepSending('1\r\nx\r\n', 20);
    await Promise.all([announced, chunked].map(closes));
    expect([announced, chunked].map(({ received }) => received.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
  });

  it('when it speaks HTTP/2 and asks for nothing, or for half of something', async () => {
    const half = frame('headers', 1, flags.endStream, getHealth.subarray(0, 20));
    const dribbling = open(Buffer.concat([clientPreface, half.subarray(0, 12)]));
    dribbling.keepSending(half.subarray(12, 13), 20);
    await Promise.all([open(clientPreface), open(Buffer.concat([clientPreface, half])), dribbling].map(closes));
  });

  it('when a body over HTTP/2 does not come to an end, and its other requests are answered', async () => {
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const unfinished = session.request({ ':method': 'POST', ':path': '/' });
    unfinished.write('x');
    const status = await new Promise((resolve) => unfinished.on('response', (headers) => resolve(headers[':status'])));
    expect(status).toBe(408);
    const finished = session.request({ ':method': 'POST', ':path': '/' });
    finished.end('abc');
    expect(await textOf(finished)).toBe('3 bytes');
    session.destroy();
  });

  it('when it does not take its answer', async () => {
    let gone: (() => void) | undefined;
    const dropped = new Promise<void>((resolve) => {
      gone = resolve;
    });
    answer = async ({ onClose }) => {
      onClose?.(() => gone?.());
      return text('x'.repeat(20_000_000));
    };
    const http1 = open(`${head}Content-Length: 0\r\n\r\n`, { reads: false });
    await dropped;
    // The end of a connection shows only to who reads.
    const ended = new Promise((resolve) => http1.socket.once('close', resolve));
    let received = 0;
    http1.socket.on('data', (chunk) => {
      received += chunk.length;
    });
    http1.socket.resume();
    await ended;
    expect(received).toBeLessThan(20_000_000);
  });
});

describe('a client that is ordinary is not dropped', () => {
  it('while it waits for an answer, however long that takes', async () => {
    await restart({ ...brief, headMs: limits.headMs });
    answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3 * brief.idleMs));
      return text('at last');
    };
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const [http1, http2] = await Promise.all([send(listener.port, { body: 'x' }), textOf(session.request({ ':path': '/' }))]);
    expect([http1.body, http2]).toEqual(['at last', 'at last']);
    session.destroy();
  });

  it('when its body comes in many pieces, which are put together and hashed as they come', async () => {
    const body = Buffer.from(Array.from({ length: 90_000 }, (_, index) => (index * index) % 251));
    const hash = createHash('sha256').update(body).digest('hex');
    answer = async (request) => text(`${request.body.equals(body)} ${request.bodySha256 ?? hash}`);
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const post = (headers: OutgoingHttpHeaders = {}) => {
      const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
      for (let at = 0; at < body.length; at += 10_000) stream.write(body.subarray(at, at + 10_000));
      stream.end();
      return textOf(stream);
    };
    const answers = await Promise.all([
      send(listener.port, { body }).then((answered) => answered.body),
      send(listener.port, { body, headers: { 'transfer-encoding': 'chunked' } }).then((answered) => answered.body),
      post(),
      post({ 'content-length': String(body.length) }),
    ]);
    expect(answers).toEqual(Array(4).fill(`true ${hash}`));
    session.destroy();
  });

  it('when its body has megabytes, which come faster than they are hashed', async () => {
    const body = randomBytes(50 * mostBytes);
    const hash = createHash('sha256').update(body).digest('hex');
    answer = async (request) => text(`${request.body.equals(body)} ${request.bodySha256}`);
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const stream = session.request({ ':method': 'POST', ':path': '/', 'x-large': '1' });
    stream.end(body);
    const answers = [textOf(stream), send(listener.port, { body, headers: { 'x-large': '1' } }).then((answered) => answered.body)];
    expect(await Promise.all(answers)).toEqual(Array(2).fill(`true ${hash}`));
    session.destroy();
  });

  it('between two requests on one connection, until it has been idle for too long', async () => {
    await restart({ ...limits, idleMs: 2_000, idleSessionMs: 2_000 });
    const [http1, http2] = [open(), open(clientPreface)];
    for (const stream of [1, 3]) {
      http1.send(`${head}Content-Length: 3\r\n\r\nabc`);
      http2.send(frame('headers', stream, flags.endHeaders | flags.endStream, getHealth));
      await vi.waitUntil(() => [http1, http2].every(({ received }) => received.split(' bytes').length - 1 === (stream + 1) / 2), patience);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect([http1.closed, http2.closed]).toEqual([false, false]);
    await Promise.all([http1, http2].map(closes));
  });

  it('when it asks before it sends', async () => {
    const connection = open(`${head}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
    await shows(connection, 'HTTP/1.1 100 Continue');
    connection.send('abc');
    await shows(connection, '3 bytes');
  });
});

describe('what is too large', () => {
  it('is not read when its length says so, nor asked for', async () => {
    const connection = open(`${head}Expect: 100-continue\r\nContent-Length: ${mostBytes + 1}\r\n\r\n`);
    await closes(connection);
    expect(connection.received).toMatch(/^HTTP\/1\.1 413 [\s\S]*too large$/);
  });

  it('is not read on when it turns out to be, and whoever sends it still finds the answer', async () => {
    const connection = open(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    connection.keepSending(`4000\r\n${'x'.repeat(0x4000)}\r\n`, 1);
    await closes(connection);
    expect(connection.received).toMatch(/^HTTP\/1\.1 413 [\s\S]*too large$/);
    await livesOn();
  });

  it('is the same over HTTP/2', async () => {
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.on('error', () => undefined);
    stream.write('x'.repeat(mostBytes + 1));
    expect(await textOf(stream)).toBe('too large');
    session.destroy();
  });

  it('may be the headers: of one request, in size or in number', async () => {
    const large = open(`${head}X-A: ${'a'.repeat(40_000)}\r\n\r\n`);
    const many = open(`${head}${'X-A: a\r\n'.repeat(10_000)}\r\n`);
    await Promise.all([large, many].map(closes));
    for (const { received } of [large, many]) expect(received).toMatch(/^HTTP\/1\.1 431 /);
    await livesOn();
  });

  it('is what comes behind the end of a body that was said to be shorter', async () => {
    const connection = open(`${head}Content-Length: 3\r\n\r\nabcGARBAGE\r\n\r\n`);
    await closes(connection);
    expect(connection.received).toContain('HTTP/1.1 400 ');
  });

  it('may be the number of connections', async () => {
    const first = Array.from({ length: limits.connections }, () => open());
    await vi.waitUntil(() => first.every(({ socket }) => !socket.connecting), patience);
    await closes(open());
    expect(first.some(({ closed }) => closed)).toBe(false);
  });
});

describe('what is refused at the door', () => {
  it('is answered before its body is read', async () => {
    const connection = open(`${head}X-Refused: yes\r\nContent-Length: 90000\r\n\r\n`);
    await closes(connection);
    expect(connection.received).toMatch(/^HTTP\/1\.1 403 [\s\S]*refused$/);
  });
});

describe('floods of HTTP/2 frames end their own connection, and nothing else', () => {
  // After what is not closed at once, nothing more is taken, so that it becomes idle.
  beforeEach(() => restart({ ...limits, idleMs: brief.idleMs, idleSessionMs: brief.idleSessionMs }));

  const request = (stream: number) => frame('headers', stream, flags.endHeaders | flags.endStream, getHealth);
  const streams = (count: number) => Array.from({ length: count }, (_, index) => 2 * index + 1);

  it.each([
    [
      'requests that are taken back at once',
      streams(20_000).flatMap((stream) => [request(stream), frame('rst-stream', stream, 0, Buffer.alloc(4))]),
    ],
    [
      'headers that are continued without end',
      [
        frame('headers', 1, 0, getHealth),
        ...streams(20_000).map(() => frame('continuation', 1, 0, headerBlock({ 'x-a': 'a'.repeat(100) }))),
      ],
    ],
    ['pings', streams(200_000).map(() => frame('ping', 0, 0, Buffer.alloc(8)))],
    ['settings', streams(200_000).map(() => frame('settings', 0))],
    [
      'headers that say too much',
      [
        frame('headers', 1, flags.endStream, getHealth),
        ...streams(400).map(() => frame('continuation', 1, 0, headerBlock({ 'x-a': 'a'.repeat(120) }))),
      ],
    ],
  ])('%s', async (_, frames) => {
    const connection = open(Buffer.concat([clientPreface, ...frames]));
    await closes(connection);
    await livesOn();
  });

  it('more requests at once than are taken: those are refused, the others answered', async () => {
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    answer = async () => {
      begun += 1;
      await released;
      return text('answered');
    };
    const connection = open(Buffer.concat([clientPreface, ...streams(4 * limits.streams).map(request)]));
    await vi.waitUntil(() => begun >= limits.streams, patience);
    // What is acknowledged after all of them has been read after all of them.
    connection.send(frame('ping', 0, 0, Buffer.alloc(8)));
    await shows(connection, '\x00\x00\x08\x06\x01');
    expect(begun).toBe(limits.streams);
    release?.();
    await shows(connection, 'answered');
  });
});

function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    stream.on('data', (chunk: Buffer) => {
      all += chunk.toString();
    });
    stream.on('end', () => resolve(all));
    stream.on('error', reject);
  });
}

describe('an answer that cannot be sent', () => {
  it.each(['HTTP/1.1', 'HTTP/2'])('ends its connection of %s, is told, and nothing else', async (version) => {
    answer = async ({ path }) =>
      path === '/odd' ? { status: 200, headers: { ':odd': 'no name of a header' }, body: '' } : text('3 bytes');
    if (version === 'HTTP/1.1') {
      await closes(open('GET /odd HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    } else {
      const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
      session.on('error', () => undefined);
      const stream = session.request({ ':path': '/odd' });
      stream.on('error', () => undefined);
      await vi.waitUntil(() => stream.closed, patience);
      session.destroy();
    }
    expect(bugs).toEqual([
      expect.objectContaining({ code: expect.stringMatching(/^ERR_(INVALID_HTTP_TOKEN|HTTP2_INVALID_PSEUDOHEADER)$/) }),
    ]);
    await livesOn();
  });
});
