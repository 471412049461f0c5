import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/sandbox/lambda/mappings/filter.ts';

/** Whether records with this data pass a filter on `data`. */
function passing(data: unknown, ...records: readonly unknown[]): readonly boolean[] {
  const filter = parseFilter(JSON.stringify({ data }));
  return records.map((record) => filter.matches(typeof record === 'string' ? record : JSON.stringify(record)));
}

describe('A filter on JSON records', () => {
  it('asks for one of several values', () => {
    expect(passing({ type: ['a', 1, null] }, { type: 'a' }, { type: 1 }, { type: null }, { type: 'b' }, {})).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('asks for all members that it names, at any depth', () => {
    const pattern = { type: ['a'], place: { city: ['Bern'] } };
    expect(passing(pattern, { type: 'a', place: { city: 'Bern' } }, { type: 'a', place: { city: 'Basel' } }, { type: 'a' })).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('looks into lists', () => {
    expect(passing({ tags: ['hot'] }, { tags: ['cold', 'hot'] }, { tags: [] })).toEqual([true, false]);
  });

  it('compares numbers', () => {
    expect(passing({ t: [{ numeric: ['>', 0, '<=', 5] }] }, { t: 0 }, { t: 0.1 }, { t: 5 }, { t: 6 }, { t: '3' })).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(passing({ t: [{ numeric: ['=', 3] }] }, { t: 3 }, { t: 4 })).toEqual([true, false]);
  });

  it('compares text', () => {
    expect(passing({ id: [{ prefix: 'dev-' }] }, { id: 'dev-1' }, { id: 'x' }, { id: 1 })).toEqual([true, false, false]);
    expect(passing({ id: [{ suffix: '.log' }] }, { id: 'a.log' }, { id: 'a' })).toEqual([true, false]);
    expect(passing({ id: [{ 'equals-ignore-case': 'A' }] }, { id: 'a' }, { id: 'b' })).toEqual([true, false]);
  });

  it('asks whether something is there, or is something else', () => {
    expect(passing({ id: [{ exists: true }] }, { id: null }, {})).toEqual([true, false]);
    expect(passing({ id: [{ exists: false }] }, { id: 1 }, {})).toEqual([false, true]);
    expect(passing({ id: [{ 'anything-but': ['a', { prefix: 'b' }] }] }, { id: 'a' }, { id: 'bb' }, { id: 'c' }, {})).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('offers alternatives', () => {
    expect(passing({ $or: [{ a: [1] }, { b: [2] }] }, { a: 1 }, { b: 2 }, { a: 2, b: 1 })).toEqual([true, true, false]);
  });

  it('drops what is no JSON object', () => {
    expect(passing({ a: [{ exists: false }] }, 'text', '[1]', '{broken')).toEqual([false, false, false]);
  });
});

describe('A filter on plain text', () => {
  it('compares the whole record, and drops JSON', () => {
    expect(passing(['hello', { prefix: 'log:' }], 'hello', 'log: x', 'other', '{"a":1}')).toEqual([true, true, false, false]);
  });
});

describe('What is no filter', () => {
  it('is refused', () => {
    const patterns = [
      'no json',
      '[]',
      '{"kinesis":{"data":["x"]}}',
      '{"data":"text"}',
      '{"data":[]}',
      '{"data":{"a":"text"}}',
      '{"data":{"a":[{"unknown":1}]}}',
      '{"data":{"a":[{"numeric":["<"]}]}}',
      '{"data":{"a":[{"numeric":["~",1]}]}}',
      '{"data":{"a":[{"prefix":1}]}}',
      '{"data":{"a":[{"exists":"yes"}]}}',
      '{"data":{"a":[{"prefix":"a","suffix":"b"}]}}',
      '{"data":{"$or":{}}}',
      '{"data":{"$or":["a"]}}',
    ];
    for (const pattern of patterns) expect(() => parseFilter(pattern), pattern).toThrow('Invalid filter pattern definition.');
  });
});
