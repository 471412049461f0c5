import { describe, expect, it } from 'vitest';
import { closest, didYouMean, editDistance } from '../../src/util/closest.ts';

describe('the distance between two words', () => {
  it.each([
    ['shard', 'shard', 0],
    ['shard', 'shards', 1],
    ['shards', 'shard', 1],
    ['shrad', 'shard', 1],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('from "%s" to "%s" is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is not counted beyond a limit', () => {
    expect(editDistance('kitten', 'sitting', 2)).toBe(2);
    expect(editDistance('a', 'abcdefgh', 3)).toBe(3);
  });
});

describe('what was probably meant', () => {
  const keys = ['name', 'shards', 'partition-key', 'batch-size'];

  it.each([
    ['nmae', 'name'],
    ['shard', 'shards'],
    ['Shards', 'shards'],
    ['partitionKey', 'partition-key'],
    ['partition_key', 'partition-key'],
    ['batchsize', 'batch-size'],
  ])('by "%s" is "%s"', (seen, meant) => {
    expect(closest(seen, keys)).toBe(meant);
  });

  it.each(['colour', 'x', '', 'n', 'x'.repeat(5000)])('by "%s" is nothing', (seen) => {
    expect(closest(seen, keys)).toBeUndefined();
    expect(didYouMean(seen, keys)).toBeUndefined();
  });

  it('is the nearest, and the first of several', () => {
    expect(closest('orders', ['border', 'order', 'ordera'])).toBe('order');
  });

  it('is asked in a sentence', () => {
    expect(didYouMean('nmae', keys)).toBe('Did you mean "name"?');
  });

  it('is looked for among the first of very many words only', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `w${index}`);
    expect(closest('names', ['name', ...many])).toBe('name');
    expect(closest('names', [...many, 'name'])).toBeUndefined();
  });
});
