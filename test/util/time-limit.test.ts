import { describe, expect, it } from 'vitest';
import { fits } from '../../src/util/expression.ts';
import { TimeLimit, withinTime } from '../../src/util/time-limit.ts';

// Takes longer than the universe exists.
const explosion = () => /^(a+)+$/.test(`${'a'.repeat(60)}b`);

describe('work within its time', () => {
  it('gives its result, also from inside other such work', () => {
    expect(withinTime(1_000, () => withinTime(500, () => 20) + 1)).toBe(21);
    expect(withinTime(1_000, () => undefined)).toBeUndefined();
  });

  it('throws what it throws', () => {
    const thrown = new RangeError('too deep');
    expect(() =>
      withinTime(1_000, () => {
        throw thrown;
      }),
    ).toThrow(thrown);
  });

  it('is cut off when it takes longer, and the next work is not', () => {
    const started = performance.now();
    expect(() => withinTime(50, explosion)).toThrow(TimeLimit);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(withinTime(1_000, () => 'done')).toBe('done');
  });
});

describe('a regular expression that somebody else wrote', () => {
  it('fits a text or not', () => {
    expect(fits('^a+$', 'u', 'aaa')).toBe(true);
    expect(fits('^a+$', 'u', 'aab')).toBe(false);
    expect(fits('^a+$', 'iu', 'AA')).toBe(true);
  });

  it('says nothing about a text on which it would take for ever', () => {
    expect(fits('^(a+)+$', 'u', `${'a'.repeat(60)}b`)).toBeUndefined();
  });
});
