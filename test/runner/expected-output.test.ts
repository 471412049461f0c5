import { describe, expect, it } from 'vitest';
import { matchExpected } from '../../src/runner/expected-output.ts';
import { toJson } from '../../src/util/json.ts';

const shards = [{ ShardId: 'shardId-000000000000' }, { ShardId: 'shardId-000000000001' }];

const answer = toJson({
  $metadata: { httpStatusCode: 200 },
  StreamDescription: {
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    StreamStatus: 'ACTIVE',
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: new Date('2026-01-31T12:00:00Z'),
    Shards: shards,
    KeyId: null,
  },
});

describe('what a page shows', () => {
  it.each<[string, unknown]>([
    ['the whole answer', answer],
    ['some of its keys', { StreamDescription: { StreamStatus: 'ACTIVE' } }],
    ['nothing in particular', {}],
    ['a time as ISO 8601', { StreamDescription: { StreamCreationTimestamp: '2026-01-31T12:00:00.000Z' } }],
    [
      'anything in place of a value',
      { StreamDescription: { StreamARN: '<any>', RetentionPeriodHours: '<any>', Shards: '<any>', KeyId: '<any>' } },
    ],
    [
      'anything within a text',
      { StreamDescription: { StreamARN: 'arn:aws:kinesis:<any>:<any>:stream/orders', StreamStatus: 'ACT<any>IVE' } },
    ],
    ['all elements of a list', { StreamDescription: { Shards: [{ ShardId: 'shardId-<any>' }, {}] } }],
    ['the first elements of a list', { StreamDescription: { Shards: [{ ShardId: 'shardId-000000000000' }, '<more>'] } }],
    ['all elements of a list that may go on', { StreamDescription: { Shards: ['<any>', '<any>', '<more>'] } }],
    ['a list of any length', { StreamDescription: { Shards: ['<more>'] } }],
    ['the last elements of a list', { StreamDescription: { Shards: ['<more>', { ShardId: 'shardId-000000000001' }] } }],
    [
      'some elements of a list, in their order',
      {
        StreamDescription: {
          Shards: ['<more>', { ShardId: 'shardId-000000000000' }, '<more>', { ShardId: 'shardId-000000000001' }, '<more>'],
        },
      },
    ],
  ])('can be %s', (_, expected) => {
    expect(matchExpected(expected, answer)).toEqual([]);
  });

  it.each<[string, unknown, readonly (readonly [path: string, expected: unknown, actual: unknown])[]]>([
    ['another value', { StreamDescription: { StreamStatus: 'CREATING' } }, [['StreamDescription.StreamStatus', 'CREATING', 'ACTIVE']]],
    [
      'a value of another type',
      { StreamDescription: { RetentionPeriodHours: '24' } },
      [['StreamDescription.RetentionPeriodHours', '24', 24]],
    ],
    ['a key that is not there', { StreamDescription: { Colour: '<any>' } }, [['StreamDescription.Colour', '<any>', undefined]]],
    ['a key of all objects', { toString: '<any>' }, [['toString', '<any>', undefined]]],
    ['null where there is a value', { StreamDescription: { StreamStatus: null } }, [['StreamDescription.StreamStatus', null, 'ACTIVE']]],
    [
      'a text with another end',
      { StreamDescription: { StreamStatus: '<any>X' } },
      [['StreamDescription.StreamStatus', '<any>X', 'ACTIVE']],
    ],
    [
      'a text whose parts overlap',
      { StreamDescription: { StreamStatus: 'ACTIV<any>IVE' } },
      [['StreamDescription.StreamStatus', 'ACTIV<any>IVE', 'ACTIVE']],
    ],
    [
      'a text whose parts come in another order',
      { StreamDescription: { StreamStatus: 'A<any>V<any>T<any>E' } },
      [['StreamDescription.StreamStatus', 'A<any>V<any>T<any>E', 'ACTIVE']],
    ],
    [
      'a pattern in place of a number',
      { StreamDescription: { RetentionPeriodHours: '2<any>' } },
      [['StreamDescription.RetentionPeriodHours', '2<any>', 24]],
    ],
    [
      'a shorter list',
      { StreamDescription: { Shards: ['<any>'] } },
      [['StreamDescription.Shards[1]', undefined, { ShardId: 'shardId-000000000001' }]],
    ],
    ['a longer list', { StreamDescription: { Shards: ['<any>', '<any>', {}] } }, [['StreamDescription.Shards[2]', {}, undefined]]],
    [
      'a list that should go on and is too short',
      { StreamDescription: { Shards: ['<any>', '<any>', '<any>', '<more>'] } },
      [['StreamDescription.Shards[2]', '<any>', undefined]],
    ],
    [
      'an element that is nowhere in the list',
      { StreamDescription: { Shards: ['<more>', { ShardId: 'b' }, '<more>'] } },
      [['StreamDescription.Shards', ['<more>', { ShardId: 'b' }, '<more>'], shards]],
    ],
    [
      'elements in another order',
      { StreamDescription: { Shards: ['<more>', { ShardId: '<any>1' }, '<more>', { ShardId: '<any>0' }, '<more>'] } },
      [['StreamDescription.Shards', ['<more>', { ShardId: '<any>0' }, '<more>'], shards]],
    ],
    [
      'elements that would have to be the same one',
      { StreamDescription: { Shards: ['<any>', '<more>', { ShardId: 'shardId-000000000000' }] } },
      [['StreamDescription.Shards', ['<more>', { ShardId: 'shardId-000000000000' }, '<more>'], shards]],
    ],
    [
      'a list with others between two elements that follow each other',
      { StreamDescription: { Shards: ['<more>', { ShardId: '<any>1' }, {}, '<more>'] } },
      [['StreamDescription.Shards', ['<more>', { ShardId: '<any>1' }, {}, '<more>'], shards]],
    ],
    ['an object where there is a list', { StreamDescription: { Shards: {} } }, [['StreamDescription.Shards', {}, shards]]],
    ['a list as the whole answer', [], [['', [], answer]]],
  ])('does not match with %s', (_, expected, mismatches) => {
    expect(matchExpected(expected, answer)).toEqual(mismatches.map(([path, wanted, actual]) => ({ path, expected: wanted, actual })));
  });

  it('is the same where a text holds the same JSON, however it is spaced', () => {
    const data = { Data: '{"trans_id":1,"amt":200}' };
    expect(matchExpected(data, { Data: '{ "amt": 200, "trans_id": 1 }' })).toEqual([]);
    for (const other of ['{"trans_id":1,"amt":201}', '{"trans_id":1}', '{trans_id:1,amt:200}', '']) {
      expect(matchExpected(data, { Data: other })).toEqual([{ path: 'Data', expected: data.Data, actual: other }]);
    }
    expect(matchExpected({ Data: '1' }, { Data: '1.0' })).toHaveLength(1);
  });

  it('is compared to the end, so that all differences are seen at once', () => {
    const expected = { StreamDescription: { StreamStatus: 'DELETING', Shards: [{ ShardId: 'a' }, { ShardId: 'b' }] } };
    expect(matchExpected(expected, answer).map(({ path }) => path)).toEqual([
      'StreamDescription.StreamStatus',
      'StreamDescription.Shards[0].ShardId',
      'StreamDescription.Shards[1].ShardId',
    ]);
  });

  it('is compared in time that does not explode with the number of gaps', () => {
    expect(matchExpected(`${'<any>a'.repeat(2000)}b`, 'a'.repeat(20_000))).toHaveLength(1);
  });
});
