/** @typedef {import('../support/random.mjs').Random} Random */

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8, continuation: 9 };
const endStream = 1;
const endHeaders = 4;

/** A frame (RFC 9113, 4.1). @param {number} length what the frame says about itself */
function frame(type, flags, stream, payload = Buffer.alloc(0), length = payload.length) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length & 0xffffff, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** Headers as literals that are not indexed (RFC 7541, 6.2.2). */
function headerBlock(headers) {
  return Buffer.concat(headers.map(([name, value]) => Buffer.concat([Buffer.from([0]), literal(name), literal(value)])));
}

function literal(text) {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

const request = (more = []) => [[':method', 'POST'], [':scheme', 'http'], [':path', '/'], [':authority', '127.0.0.1'], ...more];

/** Headers that a request may have, or must not. */
const requests = [
  request(),
  request([['x-amz-target', 'Kinesis_20131202.ListStreams']]),
  request([
    ['authorization', 'AWS4-HMAC-SHA256 Credential=a/20261121/us-east-1/kinesis/aws4_request, SignedHeaders=:authority, Signature=0'],
  ]),
  request([['connection', 'close']]),
  request([['transfer-encoding', 'chunked']]),
  request([['content-length', '5']]),
  request([['content-length', 'x']]),
  request([['te', 'gzip']]),
  request([['UPPER', 'x']]),
  request([['a', 'b\r\nc: d']]),
  request([['a\0', '\0']]),
  request([[':late', 'x']]),
  request([[':status', '200']]),
  request([['host', 'evil.example']]),
  request([['cookie', 'x'.repeat(20_000)]]),
  request(Array.from({ length: 500 }, (_, at) => [`a${at}`, 'b'])),
  request().slice(1),
  request().slice(0, 1),
  [...request(), ...request()],
  [
    [':method', 'CONNECT'],
    [':authority', 'evil.example'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', ''],
    [':authority', '127.0.0.1'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/_sandbox/health'],
    [':authority', '127.0.0.1'],
  ],
  [],
];

/** Bytes on a connection of HTTP/2: frames out of order, of wrong sizes, unknown, half. @param {Random} random */
export function rawHttp2(random) {
  const start = random.weighted([
    [12, preface],
    [1, preface.subarray(0, random.below(preface.length))],
    [1, Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')],
    [1, Buffer.concat([preface, preface])],
  ]);
  const settings = random.chance(0.8) ? [frame(types.settings, 0, 0)] : [];
  const frames = random.times(random.between(0, 8), () => anyFrame(random));
  const flood = random.chance(0.1) ? floods(random) : [];
  const bytes = Buffer.concat([start, ...settings, ...frames, ...flood]);
  return random.chance(0.2) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
}

/** @param {Random} random */
function anyFrame(random) {
  const stream = random.weighted([
    [4, 1],
    [2, 3],
    [1, 0],
    [1, 2],
    [1, 0x7fffffff],
    [1, 0xffffffff],
    [1, random.below(20)],
  ]);
  const junk = () => Buffer.from(random.times(random.pick([0, 1, 4, 5, 6, 8, 30]), () => random.below(256)));
  const flags = random.pick([endHeaders, endHeaders | endStream, 0, endStream, random.below(256)]);
  return random.weighted([
    [6, () => frame(types.headers, flags, stream, headerBlock(random.pick(requests)))],
    [2, () => frame(types.headers, flags, stream, junk())],
    [2, () => frame(types.continuation, random.pick([0, endHeaders]), stream, headerBlock(random.pick(requests)))],
    [3, () => frame(types.data, random.pick([0, endStream, 8, 9]), stream, junk())],
    [1, () => frame(types.data, 0, stream, Buffer.alloc(20_000))],
    [1, () => frame(types.priority, 0, stream, random.chance(0.5) ? Buffer.alloc(5) : junk())],
    [2, () => frame(types.reset, 0, stream, random.chance(0.7) ? Buffer.from([0, 0, 0, 8]) : junk())],
    [2, () => frame(types.settings, random.pick([0, 0, 1]), random.pick([0, 0, 1]), random.pick([settingsOf(random), junk()]))],
    [1, () => frame(types.push, endHeaders, stream, Buffer.concat([Buffer.from([0, 0, 0, 2]), headerBlock(request())]))],
    [1, () => frame(types.ping, random.pick([0, 1]), random.pick([0, 1]), random.pick([Buffer.alloc(8), junk()]))],
    [1, () => frame(types.goaway, 0, 0, random.pick([Buffer.alloc(8), junk()]))],
    [2, () => frame(types.window, 0, random.pick([0, stream]), random.pick([Buffer.from([0x7f, 255, 255, 255]), Buffer.alloc(4), junk()]))],
    [2, () => frame(random.below(256), random.below(256), stream, junk())],
    [1, () => frame(random.below(10), flags, stream, junk(), random.pick([0, 1, 16_384, 16_385, 0xffffff]))],
  ])();
}

function settingsOf(random) {
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(random.pick([1, 2, 3, 4, 5, 6, 8, 99]), 0);
  setting.writeUInt32BE(random.pick([0, 1, 0x7fffffff, 0xffffffff, 16_383, 0xffffff]), 2);
  return setting;
}

/** Hundreds of the same: streams that are opened and given up at once, settings, pings, continuations without end. */
function floods(random) {
  return random.pick([
    () =>
      random.times(300, (at) =>
        Buffer.concat([
          frame(types.headers, endHeaders, 2 * at + 1, headerBlock(requests[0])),
          frame(types.reset, 0, 2 * at + 1, Buffer.from([0, 0, 0, 8])),
        ]),
      ),
    () => random.times(500, () => frame(types.settings, 0, 0, settingsOf(random))),
    () => random.times(1_000, () => frame(types.ping, 0, 0, Buffer.alloc(8))),
    () => [
      frame(types.headers, 0, 1, headerBlock(requests[0])),
      ...random.times(1_000, () => frame(types.continuation, 0, 1, headerBlock([['a', 'b'.repeat(100)]]))),
    ],
    () => random.times(300, (at) => frame(types.headers, endHeaders, 2 * at + 1, headerBlock(requests[0]))),
    () => random.times(1_000, () => frame(types.data, 0, 1)),
  ])();
}

/** @param {Buffer} answer @returns {string | undefined} what is wrong with what came back */
export function rawHttp2Problem(answer) {
  // What does not begin like HTTP/2 is answered as HTTP/1.1.
  if (answer.toString('latin1', 0, 9) === 'HTTP/1.1 ')
    return /^HTTP\/1\.1 5/.test(answer.toString('latin1', 0, 12)) ? 'it is answered with 5xx' : undefined;
  for (let at = 0; at + 9 <= answer.length; ) {
    const length = answer.readUIntBE(at, 3);
    const type = answer.readUInt8(at + 3);
    if (length > 16_384 || type > 9) return `what came back is no HTTP/2, at byte ${at}: ${answer.toString('hex', at, at + 20)}`;
    at += 9 + length;
  }
  return undefined;
}
