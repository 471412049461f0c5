import { connect as connectHttp2 } from 'node:http2';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { usualLimits } from '../../src/sandbox/limits.ts';
import { type Listener, listen } from '../../src/sandbox/listener.ts';
import { pieceBytes, takePiece } from '../../src/sandbox/piece.ts';
import type { WireRequest, WireResponse } from '../../src/sandbox/wire.ts';
import { Connection } from '../support/connection.ts';
import { patience } from '../support/patience.ts';
import { send } from '../support/raw-http.ts';

let listener: Listener;
let connections: Connection[] = [];
let bugs: unknown[] = [];
/** What the server does with requests; each test says. */
let answer: (request: WireRequest) => Promise<WireResponse>;

beforeEach(async () => {
  listener = await listen({
    port: 0,
    host: '127.0.0.1',
    refuse: () => undefined,
    mostBodyBytes: () => 100_000,
    answer: (request) => answer(request),
    onBug: (error) => bugs.push(error),
    limits: usualLimits,
  });
});

afterEach(async () => {
  for (const connection of connections) connection.end();
  connections = [];
  bugs = [];
  await listener.close();
});

/** A connection on which something has been asked. */
function open(): Connection {
  const connection = new Connection(listener.port);
  connections.push(connection);
  connection.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n');
  return connection;
}

async function livesOn(): Promise<void> {
  answer = async () => ({ status: 200, headers: { 'content-length': '5' }, body: 'alive' });
  expect(await send(listener.port, { body: '' })).toMatchObject({ status: 200, body: 'alive' });
  expect(bugs).toEqual([]);
}

describe('an answer that is made as it is sent', () => {
  const count = 1_000;

  /** @param fails at which piece. @returns what tells how many were made, once it has ended */
  function answerInPieces(fails = count): Promise<number> {
    return new Promise((ended) => {
      const made = function* () {
        let piece = 0;
        try {
          for (; piece < count; piece += 1) {
            if (piece === fails) throw new Error('It cannot be made.');
            yield Buffer.alloc(64 * 1024, 'x');
          }
        } finally {
          ended(piece);
        }
      };
      const byteLength = count * 64 * 1024;
      const body = { byteLength, [Symbol.iterator]: made };
      answer = async () => ({ status: 200, headers: { 'content-length': String(byteLength) }, body });
    });
  }

  it.each(['HTTP/1.1', 'HTTP/2'])('is not made any further when the client goes (%s)', async (protocol) => {
    const ended = answerInPieces();
    if (protocol === 'HTTP/2') {
      const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
      const stream = session.request({ ':path': '/' });
      stream.once('data', () => session.destroy());
    } else {
      const connection = open();
      await vi.waitUntil(() => connection.received.includes('xxx'), { ...patience, interval: 10 });
      connection.end();
    }
    expect(await ended).toBeLessThan(count);
    await livesOn();
  });

  it.each(['HTTP/1.1', 'HTTP/2'])('is broken off when it cannot be made to its end (%s)', async (protocol) => {
    const ended = answerInPieces(20);
    if (protocol === 'HTTP/2') {
      const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
      const stream = session.request({ ':path': '/' });
      let bytes = 0;
      stream.on('data', (chunk) => {
        bytes += chunk.length;
      });
      await new Promise((resolve) => stream.once('error', resolve).once('close', resolve));
      expect(bytes).toBeLessThanOrEqual(20 * 64 * 1024);
      session.destroy();
    } else {
      const connection = open();
      await vi.waitUntil(() => connection.closed, patience);
      expect(connection.received.length).toBeLessThan(21 * 64 * 1024);
    }
    expect(await ended).toBe(20);
    await livesOn();
  });

  it('comes whole, in pieces few or many', async () => {
    for (const repeats of [3, 50_000]) {
      const pieces = Array.from({ length: 5 }, (_, index) => Buffer.from(`piece ${index} `.repeat(repeats)));
      const text = Buffer.concat(pieces).toString();
      const body = { byteLength: text.length, [Symbol.iterator]: () => pieces[Symbol.iterator]() };
      answer = async () => ({ status: 200, headers: { 'content-length': String(text.length) }, body });
      const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
      const [http1, http2] = await Promise.all([send(listener.port, { body: 'x' }), textOf(session.request({ ':path': '/' }))]);
      expect([http1.body === text, http2 === text]).toEqual([true, true]);
      session.destroy();
    }
  });

  it('comes whole when its memory is used again for other answers', async () => {
    const used = new Set<unknown>();
    const count = 40;
    const of = function* (letter: string) {
      for (let index = 0; index < count; index += 1) {
        const piece = takePiece().fill(`${letter}${index} `);
        used.add(piece.buffer);
        yield piece;
      }
    };
    const expected = (letter: string) =>
      Array.from({ length: count }, (_, index) => Buffer.alloc(pieceBytes, `${letter}${index} `).toString()).join('');
    answer = async ({ headers }) => {
      const letter = headers['x-letter'] ?? '';
      const body = { byteLength: count * pieceBytes, [Symbol.iterator]: () => of(letter) };
      return { status: 200, headers: { 'content-length': String(body.byteLength) }, body };
    };
    const session = connectHttp2(`http://127.0.0.1:${listener.port}`);
    const answers = await Promise.all([
      send(listener.port, { body: '', headers: { 'x-letter': 'a' } }).then(({ body }) => body === expected('a')),
      send(listener.port, { body: '', headers: { 'x-letter': 'b' } }).then(({ body }) => body === expected('b')),
      textOf(session.request({ ':path': '/', 'x-letter': 'c' })).then((body) => body === expected('c')),
      textOf(session.request({ ':path': '/', 'x-letter': 'd' })).then((body) => body === expected('d')),
    ]);
    expect(answers).toEqual(Array(4).fill(true));
    expect(used.size).toBeLessThan(4 * count);
    session.destroy();
  });

  it('lets small ones pass', async () => {
    const [count, piece] = [400, Buffer.alloc(64 * 1024, 'x')];
    let [made, madeBefore] = [0, 0];
    let small: Promise<unknown> | undefined;
    const large = function* () {
      for (; made < count; made += 1) {
        small ??= send(listener.port, { body: 'abc' }).then(() => {
          madeBefore = made;
        });
        yield piece;
      }
    };
    const byteLength = count * piece.byteLength;
    answer = async ({ body }) =>
      body.toString() === 'large'
        ? { status: 200, headers: { 'content-length': String(byteLength) }, body: { byteLength, [Symbol.iterator]: large } }
        : { status: 200, headers: { 'content-length': '3' }, body };
    expect((await send(listener.port, { body: 'large' })).body).toHaveLength(byteLength);
    await small;
    expect(madeBefore).toBeLessThan(count);
  });
});
