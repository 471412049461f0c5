/** Frames of HTTP/2 (RFC 9113) that no client would send, or not in this order. */

const types = {
  data: 0,
  headers: 1,
  priority: 2,
  'rst-stream': 3,
  settings: 4,
  'push-promise': 5,
  ping: 6,
  'go-away': 7,
  'window-update': 8,
  continuation: 9,
  'alt-svc': 10,
  unknown: 200,
} as const;

export const flags = { endStream: 0x1, acknowledges: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export function frame(type: keyof typeof types, stream: number, flag = 0, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(types[type], 3);
  head.writeUInt8(flag, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What a client begins with: the preface, and empty settings. */
export const clientPreface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame('settings', 0)]);

/** A header block (RFC 7541) in the plainest form: literals that are not indexed. Texts of at most 126 bytes. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat(Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** The headers of an ordinary request. */
export const getHealth = headerBlock({ ':method': 'GET', ':scheme': 'http', ':path': '/_sandbox/health', ':authority': 'localhost' });
