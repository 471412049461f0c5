import { randomBytes } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An identifier as AWS makes them: a prefix that tells the kind (`AKIA`, `AROA`), then characters of base 32. */
export function identifier(prefix: string, length: number): string {
  return prefix + Array.from(randomBytes(length - prefix.length), (byte) => base32[byte % 32]).join('');
}
