import { describe, expect, it } from 'vitest';
import { evenRanges, hashKeyFrom, hashKeyOf, highestHashKey } from '../../../src/sandbox/kinesis/hash-key.ts';

describe('the hash key of a partition key', () => {
  it.each([
    ['1', 261578874264819908609102035485573088411n],
    ['2', 266003691477286198901011725417809479212n],
    ['3', 314755909755515592000481005244904880883n],
    ['geolocation', 236823025514289081856839043010786304313n],
    ['sensor-1', 313621148937180024981089005635817150934n],
    ['user-1', 285573413173782752570879317399258818820n],
    ['test', 12707736894140473154801792860916528374n],
  ])('of %s is its MD5 as a number', (partitionKey, expected) => {
    expect(BigInt(`0x${hashKeyOf(partitionKey)}`)).toBe(expected);
  });

  it('takes the UTF-8 bytes of the key', () => {
    expect(hashKeyOf('\u00e9')).toBe('66ddcd97cfdeabb2f6fb8a999b4bc76f');
  });
});

describe('hash keys', () => {
  it('compare as strings in the order of their numbers', () => {
    const numbers = [0n, 1n, 15n, 16n, 2n ** 64n, 2n ** 127n - 1n, 2n ** 127n, highestHashKey];
    const keys = numbers.map(hashKeyFrom);
    expect([...keys].sort()).toEqual(keys);
  });
});

describe('even ranges', () => {
  it('of one shard are the whole space', () => {
    expect(evenRanges(1)).toEqual([{ start: 0n, end: 340282366920938463463374607431768211455n }]);
  });

  it('of two shards meet in the middle', () => {
    expect(evenRanges(2)).toEqual([
      { start: 0n, end: 170141183460469231731687303715884105727n },
      { start: 170141183460469231731687303715884105728n, end: 340282366920938463463374607431768211455n },
    ]);
  });

  it('of three shards leave the remainder to the last', () => {
    expect(evenRanges(3)).toEqual([
      { start: 0n, end: 113427455640312821154458202477256070484n },
      { start: 113427455640312821154458202477256070485n, end: 226854911280625642308916404954512140969n },
      { start: 226854911280625642308916404954512140970n, end: 340282366920938463463374607431768211455n },
    ]);
  });

  it.each([4, 5, 7, 100, 1000])('of %i shards cover the space without gaps', (count) => {
    const ranges = evenRanges(count);
    expect(ranges[0]?.start).toBe(0n);
    expect(ranges.at(-1)?.end).toBe(highestHashKey);
    for (const [index, range] of ranges.entries()) {
      if (index > 0) expect(range.start).toBe((ranges[index - 1]?.end ?? 0n) + 1n);
    }
  });
});
