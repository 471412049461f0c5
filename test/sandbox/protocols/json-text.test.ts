import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/sandbox/protocols/json-text.ts';

describe('a body of JSON', () => {
  it.each(['{"Data":"AAAA"}', '{"PartitionKey":"Zürich ☃ 🦝"}', '"\\u00fc"', '"ü"', '[]'])('is read as UTF-8: %s', (text) => {
    expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  it('that is none is refused', () => {
    expect(() => parseJson(Buffer.from('{"'))).toThrow(SyntaxError);
    expect(() => parseJson(Buffer.alloc(0))).toThrow(SyntaxError);
  });
});
