import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that S3 knows, by the name in `x-amz-checksum-<name>`, as the bytes that are sent in base64. */
const checksums = {
  crc32: (data: Uint8Array) => word(crc32(data)),
  crc32c: (data: Uint8Array) => word(crc32c(data)),
  crc64nvme,
  sha1: (data: Uint8Array) => createHash('sha1').update(data).digest(),
  sha256: (data: Uint8Array) => createHash('sha256').update(data).digest(),
  sha512: (data: Uint8Array) => createHash('sha512').update(data).digest(),
  md5: (data: Uint8Array) => createHash('md5').update(data).digest(),
} as const satisfies Readonly<Record<string, (data: Uint8Array) => Buffer>>;

export type ChecksumName = keyof typeof checksums;

export const checksumNames = Object.keys(checksums) as ChecksumName[];

/** In base64. */
export function checksum(name: ChecksumName, data: Uint8Array): string {
  return checksums[name](data).toString('base64');
}

/** How long the checksum is, in bytes. */
export function checksumLength(name: ChecksumName): number {
  return checksums[name](new Uint8Array()).length;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const tables: { crc32c?: Int32Array; crc64nvme?: readonly [high: Int32Array, low: Int32Array] } = {};

/** CRC-32 with the polynomial of Castagnoli. */
function crc32c(data: Uint8Array): number {
  tables.crc32c ??= Int32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
  let crc = -1;
  for (const byte of data) crc = (tables.crc32c[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc;
}

/** CRC-64 as NVMe has it, in halves of 32 bits: numbers of 64 bits are slow. */
function crc64nvme(data: Uint8Array): Buffer {
  tables.crc64nvme ??= crc64Tables();
  const [highs, lows] = tables.crc64nvme;
  let high = -1;
  let low = -1;
  for (const byte of data) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
    high = (high >>> 8) ^ (highs[index] ?? 0);
  }
  return Buffer.concat([word(~high), word(~low)]);
}

function crc64Tables(): readonly [high: Int32Array, low: Int32Array] {
  const highs = new Int32Array(256);
  const lows = new Int32Array(256);
  for (let index = 0; index < 256; index++) {
    let [high, low] = [0, index];
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) [high, low] = [high ^ 0x9a6c9329, low ^ 0xac4bc9b5];
    }
    [highs[index], lows[index]] = [high, low];
  }
  return [highs, lows];
}
