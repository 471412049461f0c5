import { describe, expect, it } from 'vitest';
import { bothEnds, wrap } from '../../src/util/text.ts';

describe('a long text', () => {
  it('is shown with its beginning and its end, without half characters', () => {
    expect(bothEnds('abcdef', 6)).toBe('abcdef');
    expect(bothEnds('abcdefgh', 6)).toBe('abc … fgh');
    expect(bothEnds('a😀bcdefg😀h', 4)).toBe('a … h');
  });

  it('is broken between words, however narrow the room is', () => {
    expect(wrap('one two three', 8)).toBe('one two\nthree');
    expect(wrap('one two', 2)).toBe('one\ntwo');
  });

  it('keeps a readable width behind a long indent', () => {
    expect(wrap('one two three four five', 22, ' '.repeat(15))).toBe(`${' '.repeat(15)}one two three four\n${' '.repeat(15)}five`);
  });
});
