import { DescribeStreamCommand, GetRecordsCommand, MergeShardsCommand, type MergeShardsInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const [zero, one, two] = [0, 1, 2].map((index) => `shardId-00000000000${index}`);
const last = '340282366920938463463374607431768211455';

function merge(input: Partial<MergeShardsInput>) {
  return kinesis.client.send(new MergeShardsCommand({ ShardToMerge: zero, AdjacentShardToMerge: one, ...input }));
}

function failure(input: Partial<MergeShardsInput>) {
  return failureOf(merge(input));
}

describe('MergeShards: serialization', () => {
  readsTypes(kinesis, 'MergeShards', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    ShardToMerge: 'a String',
    AdjacentShardToMerge: 'a String',
  });
});

describe('MergeShards: validation', () => {
  findsItsStream(kinesis, merge);

  it('needs two shards', async () => {
    expect(await failure({ StreamName: 'a', ShardToMerge: undefined, AdjacentShardToMerge: undefined })).toEqual(
      invalid(['shardToMerge', null, notNull], ['adjacentShardToMerge', null, notNull]),
    );
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failure({ StreamName: '', ShardToMerge: '', AdjacentShardToMerge: '' })).toEqual(
      invalid(...emptyName('shardToMerge'), ...emptyName('adjacentShardToMerge'), ...emptyName('streamName')),
    );
  });

  it('refuses what is no shard id before it looks for the stream', async () => {
    const StreamName = kinesis.newName();
    expect(await failure({ StreamName, AdjacentShardToMerge: 'ABKLFD8' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ABKLFD8 in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });

  it('refuses a shard that the stream does not have', async () => {
    const StreamName = await kinesis.shared(3);
    expect(await failure({ StreamName, AdjacentShardToMerge: 'shardId-5' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard shardId-000000000005 in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });

  it.each([
    ['0', '2'],
    ['1', '0'],
    ['1', '1'],
  ])('refuses to merge shard %s with %s, which is not its upper neighbour', async (lower, upper) => {
    const StreamName = await kinesis.shared(3);
    expect(await failure({ StreamName, ShardToMerge: lower, AdjacentShardToMerge: upper })).toEqual({
      name: 'InvalidArgumentException',
      message:
        `Shards shardId-00000000000${lower} and shardId-00000000000${upper} in stream ${StreamName} under account ${kinesis.account} ` +
        'are not an adjacent pair of shards eligible for merging',
    });
  });
});

describe('MergeShards: behaviour', () => {
  it('closes both parents, opens one child, and tells it to those who read a parent to its end', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const start = await kinesis.iterator(StreamName, { ShardId: one });
    await merge({ StreamName });
    await kinesis.settled(StreamName);
    const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamName }));
    const [first, second, child] = StreamDescription?.Shards ?? [];
    for (const parent of [first, second]) expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toMatch(/^49\d{54}$/);
    expect(child).toEqual({
      ShardId: two,
      ParentShardId: zero,
      AdjacentParentShardId: one,
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: last },
      SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
    });
    const read = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: start }));
    expect(read.ChildShards).toEqual([
      { ShardId: two, ParentShards: [zero, one], HashKeyRange: { StartingHashKey: '0', EndingHashKey: last } },
    ]);
  });
});
