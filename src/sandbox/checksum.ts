import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { inSteps } from './turn.ts';

/** A checksum of data that is looked at part by part. */
interface Sum {
  update(part: Uint8Array): void;
  digest(): Buffer;
}

/** The checksums that S3 knows, by the name in `x-amz-checksum-<name>`, as the bytes that are sent in base64. */
const sums = {
  crc32: () => wordSum(crc32),
  crc32c: () => wordSum(crc32c),
  crc64nvme: () => new Crc64(),
  sha1: () => hashSum('sha1'),
  sha256: () => hashSum('sha256'),
  sha512: () => hashSum('sha512'),
  md5: () => hashSum('md5'),
} as const satisfies Readonly<Record<string, () => Sum>>;

export type ChecksumName = keyof typeof sums;

export const checksumNames = Object.keys(sums) as ChecksumName[];

/** In base64. That of large data is made in steps, while others have their turn. */
export async function checksum(name: ChecksumName, data: Uint8Array): Promise<string> {
  const sum: Sum = sums[name]();
  await inSteps(data, (part) => sum.update(part));
  return sum.digest().toString('base64');
}

/** How long the checksum is, in bytes. */
export function checksumLength(name: ChecksumName): number {
  return sums[name]().digest().length;
}

function hashSum(algorithm: string): Sum {
  const hash = createHash(algorithm);
  return { update: (part) => void hash.update(part), digest: () => hash.digest() };
}

/** @param goOn continues a checksum of 32 bits with more data */
function wordSum(goOn: (data: Uint8Array, before: number) => number): Sum {
  let value = 0;
  return {
    update(part) {
      value = goOn(part, value);
    },
    digest: () => word(value),
  };
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const tables: { crc32c?: Int32Array; crc64nvme?: readonly [high: Int32Array, low: Int32Array] } = {};

/** CRC-32 with the polynomial of Castagnoli. */
function crc32c(data: Uint8Array, before: number): number {
  tables.crc32c ??= Int32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
  let crc = ~before;
  for (const byte of data) crc = (tables.crc32c[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc;
}

/** CRC-64 as NVMe has it, in halves of 32 bits: numbers of 64 bits are slow. */
class Crc64 implements Sum {
  #high = -1;
  #low = -1;

  update(part: Uint8Array): void {
    tables.crc64nvme ??= crc64Tables();
    const [highs, lows] = tables.crc64nvme;
    let high = this.#high;
    let low = this.#low;
    for (const byte of part) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
      high = (high >>> 8) ^ (highs[index] ?? 0);
    }
    this.#high = high;
    this.#low = low;
  }

  digest(): Buffer {
    return Buffer.concat([word(~this.#high), word(~this.#low)]);
  }
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
