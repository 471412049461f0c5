import { hash } from 'node:crypto';

/**
 * A hash key as 32 lower-case hexadecimal digits. Of equal length, they compare as strings in the order of the numbers
 * that they stand for, and MD5 gives them without a detour over a number.
 */
export type HashKey = string;

/** The hash keys that a shard takes, both ends included. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

export const highestHashKey = (1n << 128n) - 1n;

/** MD5 of the partition key's UTF-8 bytes, read as an unsigned 128-bit number (Kinesis API reference). */
export function hashKeyOf(partitionKey: string): HashKey {
  return hash('md5', partitionKey);
}

/** @param key at most `highestHashKey`. */
export function hashKeyFrom(key: bigint): HashKey {
  return key.toString(16).padStart(32, '0');
}

/** The whole hash key space in `count` ranges: equally wide, but for the last one, which takes what division leaves over (Kinesis API reference). */
export function evenRanges(count: number): readonly HashKeyRange[] {
  const width = (highestHashKey + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? highestHashKey : width * BigInt(index + 1) - 1n,
  }));
}
