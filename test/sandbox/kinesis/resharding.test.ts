import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox, waiting } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

const kinesis = kinesisSandbox();
const creating = kinesisSandbox({ delays: endlessDelays });
const [zero, one, two] = [0, 1, 2].map((index) => `shardId-00000000000${index}`);
const last = '340282366920938463463374607431768211455';
const middle = '170141183460469231731687303715884105728';

function split(StreamName: string, ShardToSplit: string | undefined, NewStartingHashKey: string | undefined) {
  return kinesis.client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
}

function merge(StreamName: string, ShardToMerge: string | undefined, AdjacentShardToMerge: string | undefined) {
  return kinesis.client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
}

function scale(StreamName: string, TargetShardCount: number) {
  return kinesis.client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));
}

async function settled(StreamName: string) {
  await waitUntilStreamExists({ client: kinesis.client, ...waiting }, { StreamName });
  return (await kinesis.client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription?.Shards ?? [];
}

async function openRanges(StreamName: string) {
  const open = (await settled(StreamName)).filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined);
  return open
    .map(({ HashKeyRange }) => [BigInt(HashKeyRange?.StartingHashKey ?? 0), BigInt(HashKeyRange?.EndingHashKey ?? 0)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('SplitShard refuses', () => {
  it('a request with nothing in it', async () => {
    expect((await failureOf(split('a', undefined, undefined))).message).toBe(
      "2 validation errors detected: Value null at 'newStartingHashKey' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'shardToSplit' failed to satisfy constraint: Member must not be null",
    );
  });

  it('what is no shard id, a stream that does not exist, a shard that the stream does not have', async () => {
    expect((await failureOf(split('nowhere', 'ABKLFD8', '0'))).message).toBe(
      'Could not find shard ABKLFD8 in stream nowhere under account 000000000000.',
    );
    expect((await failureOf(split('nowhere', 'shardId-5', '0'))).message).toBe('Stream nowhere under account 000000000000 not found.');
    const name = await kinesis.stream();
    expect(await failureOf(split(name, 'shardId-5', '0'))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard shardId-000000000005 in stream ${name} under account 000000000000.`,
    });
  });

  it('a stream that is still being created', async () => {
    await creating.client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
    const command = new SplitShardCommand({ StreamName: 'orders', ShardToSplit: '0', NewStartingHashKey: '2' });
    expect(await failureOf(creating.client.send(command))).toEqual({
      name: 'ResourceInUseException',
      message: 'Stream orders under account 000000000000 not ACTIVE, instead in state CREATING',
    });
  });

  it.each([
    ['0', '1'],
    ['0', '113427455640312821154458202477256070484'],
    ['2', last],
  ])('to split shard %s of three at %s, which leaves a child too little', async (index, key) => {
    const name = await kinesis.stream({ ShardCount: 3 });
    const { name: code, message } = await failureOf(split(name, index, key));
    expect(code).toBe('InvalidArgumentException');
    expect(message).toMatch(
      new RegExp(
        `^NewStartingHashKey ${key} used in SplitShard\\(\\) on shard shardId-00000000000${index} in stream ${name} under account 000000000000 is not both greater than one plus the shard's StartingHashKey \\d+ and less than the shard's EndingHashKey \\d+\\.$`,
      ),
    );
  });

  it('a shard that is closed', async () => {
    const name = await kinesis.stream();
    await split(name, zero, middle);
    await settled(name);
    expect((await failureOf(split(name, zero, middle))).name).toBe('InvalidArgumentException');
  });

  it('an on-demand stream', async () => {
    expect((await failureOf(split(await kinesis.stream({}), zero, '2'))).name).toBe('ValidationException');
  });
});

describe('SplitShard', () => {
  it('closes the parent and opens two children', async () => {
    const name = await kinesis.stream();
    await split(name, zero, middle);
    expect(await settled(name)).toEqual([
      {
        ShardId: zero,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: last },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String), EndingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
      },
      {
        ShardId: one,
        ParentShardId: zero,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(BigInt(middle) - 1n) },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
      },
      {
        ShardId: two,
        ParentShardId: zero,
        HashKeyRange: { StartingHashKey: middle, EndingHashKey: last },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
      },
    ]);
  });

  it('lets readers finish the parent and tells them the children', async () => {
    const name = await kinesis.stream();
    await kinesis.client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'a', Data: Buffer.from('before') }));
    const start = await kinesis.iterator(name);
    await split(name, zero, middle);
    await settled(name);
    await kinesis.client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'user-1', Data: Buffer.from('after') }));
    const read = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: start }));
    expect(texts(read)).toEqual(['before']);
    expect(read.NextShardIterator).toBeUndefined();
    expect(read.ChildShards).toEqual([
      { ShardId: one, ParentShards: [zero], HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(BigInt(middle) - 1n) } },
      { ShardId: two, ParentShards: [zero], HashKeyRange: { StartingHashKey: middle, EndingHashKey: last } },
    ]);
    expect(texts(await kinesis.read(name, { ShardId: two }))).toEqual(['after']);
  });
});

describe('MergeShards', () => {
  it('refuses shards that are not neighbours, in the right order', async () => {
    const name = await kinesis.stream({ ShardCount: 3 });
    const refused = (lower: string, upper: string) => ({
      name: 'InvalidArgumentException',
      message: `Shards ${lower} and ${upper} in stream ${name} under account 000000000000 are not an adjacent pair of shards eligible for merging`,
    });
    expect(await failureOf(merge(name, '0', '2'))).toEqual(refused(zero ?? '', two ?? ''));
    expect(await failureOf(merge(name, '1', '0'))).toEqual(refused(one ?? '', zero ?? ''));
  });

  it('closes both parents and opens one child', async () => {
    const name = await kinesis.stream({ ShardCount: 2 });
    const start = await kinesis.iterator(name, { ShardId: one });
    await merge(name, zero, one);
    const shards = await settled(name);
    expect(shards[2]).toEqual({
      ShardId: two,
      ParentShardId: zero,
      AdjacentParentShardId: one,
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: last },
      SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
    });
    const { ChildShards } = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: start }));
    expect(ChildShards?.[0]?.ParentShards).toEqual([zero, one]);
  });
});

describe('UpdateShardCount', () => {
  it.each([
    [2, 4],
    [4, 2],
    [2, 3],
    [3, 5],
    [5, 3],
  ])('goes from %i shards to %i, with equal parts for each', async (from, to) => {
    const name = await kinesis.stream({ ShardCount: from });
    const { $metadata: _, ...answer } = await scale(name, to);
    expect(answer).toEqual({ StreamName: name, StreamARN: kinesis.arn(name), CurrentShardCount: from, TargetShardCount: to });
    const width = 2n ** 128n / BigInt(to);
    expect(await openRanges(name)).toEqual(
      Array.from({ length: to }, (_, index) => [width * BigInt(index), index === to - 1 ? BigInt(last) : width * BigInt(index + 1) - 1n]),
    );
  });

  it('refuses more than double, less than half, and what is already there', async () => {
    const name = await kinesis.stream({ ShardCount: 4 });
    expect(await failureOf(scale(name, 9))).toEqual({
      name: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 4, Target shard count: 9',
    });
    expect((await failureOf(scale(name, 1))).name).toBe('LimitExceededException');
    expect((await failureOf(scale(name, 4))).name).toBe('InvalidArgumentException');
  });

  it('refuses an on-demand stream', async () => {
    expect((await failureOf(scale(await kinesis.stream({}), 5))).name).toBe('ValidationException');
  });
});

describe('UpdateStreamMode', () => {
  it('switches the mode and keeps the shards', async () => {
    const name = await kinesis.stream({ ShardCount: 2 });
    const StreamARN = kinesis.arn(name);
    await kinesis.client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
    expect(await settled(name)).toHaveLength(2);
    const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamARN }));
    expect(StreamDescription?.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
  });

  it('refuses a mode that there is not', async () => {
    const StreamMode = 'SERVERLESS' as 'ON_DEMAND';
    const command = new UpdateStreamModeCommand({ StreamARN: kinesis.arn('a'), StreamModeDetails: { StreamMode } });
    expect((await failureOf(kinesis.client.send(command))).message).toBe(
      "1 validation error detected: Value 'SERVERLESS' at 'streamModeDetails.streamMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]",
    );
  });
});
