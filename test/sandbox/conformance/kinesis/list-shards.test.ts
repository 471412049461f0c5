import { ListShardsCommand, type ListShardsInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, atMost, emptyName, invalid, like, noShorter, notNull, oneOf, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const [zero, one, two] = [0, 1, 2].map((index) => `shardId-00000000000${index}`);

function list(input: ListShardsInput) {
  return kinesis.client.send(new ListShardsCommand(input));
}

async function ids(input: ListShardsInput): Promise<(string | undefined)[] | undefined> {
  return (await list(input)).Shards?.map(({ ShardId }) => ShardId);
}

function invalidArgument(message: string) {
  return { name: 'InvalidArgumentException', message };
}

describe('ListShards: serialization', () => {
  readsTypes(kinesis, 'ListShards', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    NextToken: 'a String',
    ExclusiveStartShardId: 'a String',
    MaxResults: 'an Integer',
    StreamCreationTimestamp: 'a Timestamp',
    ShardFilter: 'a Structure',
    'ShardFilter.Type': 'a String',
    'ShardFilter.ShardId': 'a String',
    'ShardFilter.Timestamp': 'a Timestamp',
  });
});

describe('ListShards: validation', () => {
  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failureOf(list({ StreamName: '', NextToken: '', MaxResults: 0, ExclusiveStartShardId: '' }))).toEqual(
      invalid(['maxResults', '0', atLeast(1)], ...emptyName('exclusiveStartShardId'), ...emptyName('streamName'), [
        'nextToken',
        '',
        noShorter(1),
      ]),
    );
    expect(await failureOf(list({ StreamARN: 'stream', MaxResults: 10_001 }))).toEqual(
      invalid(['maxResults', '10001', atMost(10_000)], ['streamARN', 'stream', like(streamArn)]),
    );
  });

  it('knows six kinds of filters', async () => {
    expect(await failureOf(list({ StreamName: 'a', ShardFilter: { Type: undefined } }))).toEqual(
      invalid(['shardFilter.type', null, notNull]),
    );
    const kinds = ['AFTER_SHARD_ID', 'AT_TRIM_HORIZON', 'FROM_TRIM_HORIZON', 'AT_LATEST', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'];
    const Type = 'NEWEST' as 'AT_LATEST';
    expect(await failureOf(list({ StreamName: 'a', ShardFilter: { Type } }))).toEqual(
      invalid(['shardFilter.type', 'NEWEST', oneOf(...kinds)]),
    );
  });

  it('refuses a request with neither a stream nor a token, and one with both', async () => {
    expect(await failureOf(list({}))).toEqual(invalidArgument('Either NextToken or StreamName should be provided.'));
    const StreamName = await kinesis.shared(3);
    const { NextToken } = await list({ StreamName, MaxResults: 1 });
    for (const token of [NextToken, 'none']) {
      expect(await failureOf(list({ StreamName, NextToken: token }))).toEqual(
        invalidArgument('NextToken and StreamName cannot be provided together.'),
      );
      expect(await failureOf(list({ StreamARN: kinesis.arn(StreamName), NextToken: token }))).toEqual(
        invalidArgument('NextToken and StreamARN cannot be provided together.'),
      );
    }
  });

  it('says which stream is not there', async () => {
    const StreamName = kinesis.newName();
    expect(await failureOf(list({ StreamName }))).toEqual(kinesis.notFound(StreamName));
    expect(await failureOf(list({ StreamARN: kinesis.arn(StreamName) }))).toEqual(kinesis.notFound(StreamName));
  });

  it('refuses a token that it did not give', async () => {
    expect((await failureOf(list({ NextToken: 'AAAA' }))).name).toBe('InvalidArgumentException');
  });

  it.each(['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'] as const)('refuses %s without what it needs', async (Type) => {
    expect((await failureOf(list({ StreamName: await kinesis.shared(3), ShardFilter: { Type } }))).name).toBe('InvalidArgumentException');
  });
});

describe('ListShards: behaviour', () => {
  it('lists shards page by page', async () => {
    const StreamName = await kinesis.shared(3);
    const first = await list({ StreamName, MaxResults: 2 });
    expect(first.Shards?.map(({ ShardId }) => ShardId)).toEqual([zero, one]);
    const second = await list({ NextToken: first.NextToken, MaxResults: 2 });
    expect(second.Shards?.map(({ ShardId }) => ShardId)).toEqual([two]);
    expect(second.NextToken).toBeUndefined();
  });

  it('says of each shard what DescribeStream says of it', async () => {
    const { Shards } = await list({ StreamARN: kinesis.arn(await kinesis.shared()) });
    expect(Shards).toEqual([
      {
        ShardId: zero,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
        SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
      },
    ]);
  });

  it('begins after a shard', async () => {
    const StreamName = await kinesis.shared(3);
    expect(await ids({ StreamName, ExclusiveStartShardId: one })).toEqual([two]);
    expect(await ids({ StreamName, ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: zero } })).toEqual([one, two]);
    expect(await ids({ StreamName, ExclusiveStartShardId: two })).toEqual([]);
  });

  it.each(['FROM_TRIM_HORIZON', 'AT_LATEST', 'AT_TRIM_HORIZON'] as const)('finds by %s what has been open all the time', async (Type) => {
    expect(await ids({ StreamName: await kinesis.shared(3), ShardFilter: { Type } })).toEqual([zero, one, two]);
  });
});
