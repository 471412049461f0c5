import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/sandbox/kinesis/token-bucket.ts';

/** How many of a thousand attempts to take one at a time succeed. */
function taken(bucket: TokenBucket, now: number): number {
  let count = 0;
  while (count < 1_000 && bucket.offers(1, now)) {
    bucket.take(1, now);
    count += 1;
  }
  return count;
}

describe('A token bucket', () => {
  it('begins full', () => {
    expect(taken(new TokenBucket(5, 0), 0)).toBe(5);
  });

  it('fills up evenly, and holds no more than a second brings', () => {
    const bucket = new TokenBucket(5, 0);
    taken(bucket, 0);
    expect(taken(bucket, 199)).toBe(0);
    expect(taken(bucket, 200)).toBe(1);
    expect(taken(bucket, 800)).toBe(3);
    expect(taken(bucket, 60_000)).toBe(5);
  });

  it('loses nothing to rounding', () => {
    const bucket = new TokenBucket(1_048_576, 0);
    bucket.take(1_048_576, 0);
    for (let now = 1; now < 1_000; now += 1) expect(bucket.offers(1_048_576, now)).toBe(false);
    expect(bucket.offers(1_048_576, 1_000)).toBe(true);
  });

  it('lets through what is larger than itself when it is full, and nothing until that is made up for', () => {
    const bucket = new TokenBucket(100, 0);
    bucket.take(1, 0);
    expect(bucket.offers(1_000, 9)).toBe(false);
    expect(bucket.offers(1_000, 10)).toBe(true);
    bucket.take(1_000, 10);
    expect(bucket.untilFull(10)).toBe(10_000);
    expect(bucket.offers(1, 9_010)).toBe(false);
    expect(bucket.offers(1, 9_020)).toBe(true);
  });

  it('can change its rate, and forgets what it can hold no more', () => {
    const bucket = new TokenBucket(5, 0);
    bucket.changeRate(2, 0);
    expect(taken(bucket, 0)).toBe(2);
    bucket.changeRate(5, 0);
    expect(taken(bucket, 0)).toBe(0);
    expect(taken(bucket, 200)).toBe(1);
  });

  it('does not mind a clock that is set back', () => {
    const bucket = new TokenBucket(5, 10_000);
    expect(taken(bucket, 0)).toBe(5);
    expect(taken(bucket, 0)).toBe(0);
    expect(taken(bucket, 1_000)).toBe(5);
  });
});
