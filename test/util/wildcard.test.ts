import { describe, expect, it } from 'vitest';
import { fitsWildcard, wildcardTokens } from '../../src/util/wildcard.ts';

const fits = (pattern: string, text: string, single = true) => fitsWildcard(wildcardTokens(pattern, single), text);

describe('a pattern', () => {
  it.each([
    ['*', ''],
    ['*', 'anything\nat all'],
    ['lambda:*', 'lambda:InvokeFunction'],
    ['a*c*e', 'abcde'],
    ['a?c', 'abc'],
    ['**', 'x'],
    ['a.c', 'a.c'],
  ])('%s fits %j', (pattern, text) => {
    expect(fits(pattern, text)).toBe(true);
  });

  it.each([
    ['', 'x'],
    ['lambda:*', 'kinesis:PutRecord'],
    ['a*c', 'abcd'],
    ['a?c', 'ac'],
    ['a.c', 'abc'],
  ])('%s does not fit %j', (pattern, text) => {
    expect(fits(pattern, text)).toBe(false);
  });

  it('takes a question mark for itself where that stands for nothing else', () => {
    expect(fits('a?', 'a?', false)).toBe(true);
    expect(fits('a?', 'ab', false)).toBe(false);
  });

  it('of many stars is compared with a long text at once', () => {
    const started = performance.now();
    expect(fits(`${'a*'.repeat(200)}b`, 'a'.repeat(10_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
