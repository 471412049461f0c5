import { mutateBytes } from './lab-mutations.mjs';

/** @typedef {import('../support/random.mjs').Random} Random */

const host = 'Host: 127.0.0.1\r\n';
const get = `GET /_sandbox/health HTTP/1.1\r\n${host}\r\n`;
const post = (headers, body = '') => `POST / HTTP/1.1\r\n${host}${headers}\r\n${body}`;

/**
 * What no HTTP/1.1 client sends, with how many answers there may be at the most. A second request that is hidden in the body of
 * the first, for whoever reads the lengths in another way, must not get one.
 */
const shapes = [
  [1, () => ''],
  [1, () => '\r\n\r\n'],
  [1, () => 'GET'],
  [1, () => 'GET /'],
  [1, () => get.slice(0, -2)],
  [1, () => 'GET / HTTP/9.9\r\n\r\n'],
  [1, () => 'GET  / HTTP/1.1\r\n\r\n'],
  [1, () => 'get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  [1, () => `GET / HTTP/1.0\r\n\r\n`],
  [1, () => `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n`],
  [1, () => `GET /\0 HTTP/1.1\r\n${host}\r\n`],
  [1, () => `GET /é HTTP/1.1\r\n${host}\r\n`],
  [1, () => `CONNECT evil.example:80 HTTP/1.1\r\n${host}\r\n`],
  [1, () => `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
  [1, () => `GET / HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`],
  [1, () => `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
  [1, () => `GET / HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1\r\n\r\n`],
  [1, () => 'GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n'],
  [1, () => `GET / HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`],
  [1, () => `GET / HTTP/1.1\n${host}\n`],
  [1, () => `GET / HTTP/1.1\r${host}\r\r`],
  [1, () => `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`],
  [1, () => `GET / HTTP/1.1\r\n${host}A\0: x\r\n\r\n`],
  [1, () => `GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(3_000)}\r\n`],
  [1, () => `GET / HTTP/1.1\r\n${host}A: ${'b'.repeat(100_000)}\r\n\r\n`],
  [1, () => `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`],
  [1, () => post('Content-Length: 5\r\nContent-Length: 6\r\n', 'abcde')],
  [1, () => post('Content-Length: -1\r\n')],
  [1, () => post('Content-Length: +5\r\n', 'abcde')],
  [1, () => post('Content-Length: 99999999999999999999\r\n', 'a')],
  [1, () => post('Content-Length: 10\r\n', 'abc')],
  [1, () => post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${get}`)],
  [1, () => post(`Transfer-Encoding: chunked\r\nContent-Length: ${get.length + 5}\r\n`, `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n', `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', `0\r\n\r\n${get}`)],
  [1, () => post('Transfer-Encoding: chunked\r\n', 'fffffffffffffffff\r\na')],
  [1, () => post('Transfer-Encoding: chunked\r\n', '-1\r\n')],
  [1, () => post('Transfer-Encoding: chunked\r\n', '5\r\nabc')],
  [1, () => post('Transfer-Encoding: chunked\r\n', `1;${'x'.repeat(50_000)}\r\na\r\n0\r\n\r\n`)],
  [1, () => post('Transfer-Encoding: chunked\r\n', `0\r\n${'A: b\r\n'.repeat(5_000)}\r\n`)],
  [1, () => post('Expect: 100-continue\r\nContent-Length: 5\r\n')],
  [1, () => post('Expect: nothing\r\n')],
  [
    1,
    () =>
      post(
        'Content-Length: 0\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c/kinesis/aws4_request, SignedHeaders=host, Signature=0\r\n',
      ),
  ],
  [100, () => get.repeat(100)],
  [3, () => get + post('Content-Length: 2\r\n', '{}') + get],
  [2, () => `${get}GARBAGE\r\n\r\n${get}`],
  [2, () => `GET /_sandbox/health HTTP/1.1\r\n${host}Connection: close\r\n\r\n${get}`],
];

/** Bytes on a connection of HTTP/1.1, and how many answers they may get. @param {Random} random */
export function rawHttp1(random) {
  if (random.chance(0.15)) return { most: 200, bytes: Buffer.from(random.times(random.below(400), () => random.below(256))) };
  const [most, make] = random.pick(shapes);
  const bytes = Buffer.from(make(), 'latin1');
  // Where a shape was changed it may be another one.
  return random.chance(0.5) ? { most: 200, bytes: mutateBytes(bytes.toString('latin1'), random) } : { most, bytes };
}

/** @param {Buffer} answer @param {number} most @returns {string | undefined} what is wrong with what came back */
export function rawHttp1Problem(answer, most) {
  const text = answer.toString('latin1');
  if (text === '') return undefined;
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  if (!text.startsWith('HTTP/1.1 ')) return `the answer is no HTTP: ${JSON.stringify(text.slice(0, 200))}`;
  // Node answers so to a version and an expectation that it does not know.
  const fault = statuses.find((status) => status >= 500 && status !== 505);
  if (fault !== undefined) return `it is answered with ${fault}: ${JSON.stringify(text.slice(0, 500))}`;
  const final = statuses.filter((status) => status >= 200).length;
  return final > most ? `there are ${final} answers to what is at most ${most} requests: ${JSON.stringify(text.slice(0, 500))}` : undefined;
}
