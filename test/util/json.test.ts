import { describe, expect, it } from 'vitest';
import { isMapping, pathText, shown, toJson } from '../../src/util/json.ts';

describe('an answer of the SDK as JSON', () => {
  it('has times in ISO 8601, blobs in base64, and nothing that the SDK adds', () => {
    const answer = {
      $metadata: { httpStatusCode: 200 },
      Data: new Uint8Array([72, 105]),
      At: new Date(0),
      Missing: undefined,
      Empty: null,
      Nested: { List: [{ Data: Buffer.from('x') }, true, 1.5] },
    };
    expect(toJson(answer)).toEqual({
      Data: 'SGk=',
      At: '1970-01-01T00:00:00.000Z',
      Empty: null,
      Nested: { List: [{ Data: 'eA==' }, true, 1.5] },
    });
  });

  it('has the policy documents of IAM decoded, as the AWS CLI prints them, and what only looks like one as it is', () => {
    const encoded = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
    expect(toJson({ Role: { AssumeRolePolicyDocument: encoded, Description: '%7B is a brace' } })).toEqual({
      Role: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }, Description: '%7B is a brace' },
    });
  });
});

describe('a path into JSON', () => {
  it.each<[readonly (string | number)[], string]>([
    [[], ''],
    [['StreamDescription', 'Shards', 0, 'ShardId'], 'StreamDescription.Shards[0].ShardId'],
    [['tags', 'a b', 2], 'tags."a b"[2]'],
    [[0, 'a'], '[0].a'],
  ])('%j is %s', (path, text) => {
    expect(pathText(path)).toBe(text);
  });
});

describe('a value in a message', () => {
  it('is JSON on one line, cut off where it gets long', () => {
    expect(shown({ a: [1, 'x'] })).toBe('{"a":[1,"x"]}');
    expect(shown(undefined)).toBe('nothing');
    expect(shown('x'.repeat(100), 10)).toBe('"xxxxxxxx…');
  });
});

describe('a mapping', () => {
  it('is an object, but not null and not a list', () => {
    expect([{}, { a: 1 }].every(isMapping)).toBe(true);
    expect([null, [], 'x', undefined, 1].some(isMapping)).toBe(false);
  });
});
