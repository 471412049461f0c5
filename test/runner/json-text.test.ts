import { describe, expect, it } from 'vitest';
import { findJsonProblem } from '../../src/runner/json-text.ts';
import { parses } from '../support/parses.ts';
import { oneOf, random } from '../support/random.ts';

describe('JSON', () => {
  it.each(['{}', '[]', ' {"a": [1, -2.5e+3, "x\\u00e9\\n", true, false, null, {}]} \n', '"text"', '0'])('is %s', (text) => {
    expect(findJsonProblem(text)).toBeUndefined();
  });

  it.each<[string, number, string]>([
    ['', 0, 'The JSON ends where a value should be.'],
    ['{', 1, 'The JSON ends where a key in double quotes should be.'],
    ['{"a"', 4, 'The JSON ends where a colon should be.'],
    ['{"a": 1', 7, 'The JSON ends where a comma or `}` should be.'],
    ['[1', 2, 'The JSON ends where a comma or `]` should be.'],
    ['{"a": 1,}', 8, 'Here should be a key in double quotes.'],
    ['[1,]', 3, 'Here should be a value.'],
    ['{"a" 1}', 5, 'Here should be a colon.'],
    ['{"a": 1 "b": 2}', 8, 'Here should be a comma or `}`.'],
    ['{a: 1}', 1, 'Here should be a key in double quotes.'],
    ["{'a': 1}", 1, 'Here should be a key in double quotes.'],
    ['{"a": 012}', 6, 'Here should be a value.'],
    ['{"a": tru}', 6, 'Here should be a value.'],
    ['{"a": "b\n"}', 6, 'Here should be a value.'],
    ['{} {}', 3, 'There is more text behind the end of the JSON.'],
    ['{} x', 3, 'There is more text behind the end of the JSON.'],
    ['{"a": 1, "b": { "a": 1 }, "a": 2}', 26, 'The key "a" is given twice.'],
  ])('is not %j', (text, start, message) => {
    expect(findJsonProblem(text)).toMatchObject({ start, message });
  });

  it('is explained where somebody writes what other formats have', () => {
    expect(findJsonProblem('{ "a": 1, // one\n}')?.hint).toBe('JSON has no comments.');
    expect(findJsonProblem('{ "a": [1, …] }')?.hint).toMatch(/"<more>"/);
  });

  it('may have a string of any length', () => {
    expect(findJsonProblem(`"${'x\\n'.repeat(300_000)}"`)).toBeUndefined();
  });

  it('is what JSON.parse takes for it', () => {
    const next = random(11);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '0.5',
      'e3',
      'null',
      'true',
      ' ',
      '\n',
      '"',
      '\\',
      '{"a":',
      '[1,',
      '{"b":[]}',
    ];
    let valid = 0;
    for (let round = 0; round < 60_000; round++) {
      const text = Array.from({ length: 1 + Math.floor(next() * 6) }, () => oneOf(pieces, next)).join('');
      const problem = findJsonProblem(text);
      if (problem?.message.includes('twice')) continue;
      expect(problem === undefined, text).toBe(parses(text));
      if (problem === undefined) valid++;
    }
    expect(valid).toBeGreaterThan(500);
  });
});
