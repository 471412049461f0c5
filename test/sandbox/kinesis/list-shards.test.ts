import { ListShardsCommand, type ListShardsInput, SplitShardCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox, waiting } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const swift = kinesisSandbox({ virtualTime: true });
const hour = 3_600_000;

function list(input: ListShardsInput, of = kinesis) {
  return of.client.send(new ListShardsCommand(input));
}

async function ids(input: ListShardsInput, of = kinesis): Promise<string[]> {
  return ((await list(input, of)).Shards ?? []).map((shard) => shard.ShardId ?? '');
}

const [zero, one, two, three] = [0, 1, 2, 3].map((index) => `shardId-00000000000${index}`);

describe('ListShards refuses', () => {
  it('a request with neither a stream nor a token, and one with both', async () => {
    expect(await failureOf(list({}))).toEqual({
      name: 'InvalidArgumentException',
      message: 'Either NextToken or StreamName should be provided.',
    });
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const { NextToken } = await list({ StreamName, MaxResults: 1 });
    for (const token of [NextToken, 'none']) {
      expect((await failureOf(list({ StreamName, NextToken: token }))).message).toBe(
        'NextToken and StreamName cannot be provided together.',
      );
    }
  });

  it('values that break their constraints', async () => {
    expect((await failureOf(list({ StreamName: '', NextToken: '', MaxResults: 0, ExclusiveStartShardId: '' }))).message).toBe(
      "6 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '' at 'exclusiveStartShardId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'exclusiveStartShardId' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('a stream that does not exist', async () => {
    expect((await failureOf(list({ StreamName: 'nowhere' }))).message).toBe('Stream nowhere under account 000000000000 not found.');
  });

  it('a token that it did not give, and one that is too old', async () => {
    expect((await failureOf(list({ NextToken: 'AAAA' }))).name).toBe('InvalidArgumentException');
    const StreamName = await swift.stream({ ShardCount: 2 });
    const { NextToken } = await list({ StreamName, MaxResults: 1 }, swift);
    await swift.sandbox.clock.sleep(301_000);
    expect((await failureOf(list({ NextToken }, swift))).name).toBe('ExpiredNextTokenException');
  });

  it('a filter without what the filter needs', async () => {
    const StreamName = await kinesis.stream();
    for (const Type of ['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'] as const) {
      expect((await failureOf(list({ StreamName, ShardFilter: { Type } }))).name).toBe('InvalidArgumentException');
    }
  });
});

describe('ListShards', () => {
  it('lists shards page by page', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 3 });
    const first = await list({ StreamName, MaxResults: 2 });
    expect(first.Shards?.map((shard) => shard.ShardId)).toEqual([zero, one]);
    const second = await list({ NextToken: first.NextToken, MaxResults: 2 });
    expect(second.Shards?.map((shard) => shard.ShardId)).toEqual([two]);
    expect(second.NextToken).toBeUndefined();
  });

  it('lists a thousand shards at once', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1001 });
    const first = await list({ StreamName });
    expect(first.Shards).toHaveLength(1000);
    expect(await ids({ NextToken: first.NextToken })).toEqual(['shardId-000000001000']);
  });

  it('begins after a shard', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 3 });
    expect(await ids({ StreamName, ExclusiveStartShardId: one })).toEqual([two]);
    expect(await ids({ StreamName, ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: zero } })).toEqual([one, two]);
  });

  it('filters by what was open when', async () => {
    const StreamName = await swift.stream({ ShardCount: 2 });
    await swift.sandbox.clock.sleep(hour);
    const beforeSplit = new Date(swift.sandbox.clock.now());
    await swift.sandbox.clock.sleep(hour);
    await swift.client.send(new SplitShardCommand({ StreamName, ShardToSplit: zero, NewStartingHashKey: '1000' }));
    await waitUntilStreamExists({ client: swift.client, ...waiting }, { StreamName });
    await swift.sandbox.clock.sleep(hour);
    const now = new Date(swift.sandbox.clock.now());
    const filtered = (Type: 'AT_LATEST' | 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' | 'AT_TIMESTAMP' | 'FROM_TIMESTAMP', Timestamp?: Date) =>
      ids({ StreamName, ShardFilter: { Type, Timestamp } }, swift);
    expect(await filtered('FROM_TRIM_HORIZON')).toEqual([zero, one, two, three]);
    expect(await filtered('AT_LATEST')).toEqual([one, two, three]);
    expect(await filtered('AT_TRIM_HORIZON')).toEqual([zero, one]);
    expect(await filtered('AT_TIMESTAMP', beforeSplit)).toEqual([zero, one]);
    expect(await filtered('AT_TIMESTAMP', now)).toEqual([one, two, three]);
    expect(await filtered('FROM_TIMESTAMP', beforeSplit)).toEqual([zero, one, two, three]);
    expect(await filtered('FROM_TIMESTAMP', now)).toEqual([one, two, three]);
  });
});
