import { DescribeStreamCommand, GetRecordsCommand, SplitShardCommand, type SplitShardInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { parseSequenceNumber } from '../../../../src/sandbox/kinesis/sequence-number.ts';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { texts } from '../../../support/stream-use.ts';
import { emptyName, hashKey, invalid, like, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const [zero, one, two] = [0, 1, 2].map((index) => `shardId-00000000000${index}`);
const last = '340282366920938463463374607431768211455';
const middle = '170141183460469231731687303715884105728';
const belowMiddle = '170141183460469231731687303715884105727';

function split(input: Partial<SplitShardInput>) {
  return kinesis.client.send(new SplitShardCommand({ ShardToSplit: zero, NewStartingHashKey: middle, ...input }));
}

function failure(input: Partial<SplitShardInput>) {
  return failureOf(split(input));
}

describe('SplitShard: serialization', () => {
  readsTypes(kinesis, 'SplitShard', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    ShardToSplit: 'a String',
    NewStartingHashKey: 'a String',
  });
});

describe('SplitShard: validation', () => {
  findsItsStream(kinesis, split);

  it('needs a shard and a hash key', async () => {
    expect(await failure({ StreamName: 'a', ShardToSplit: undefined, NewStartingHashKey: undefined })).toEqual(
      invalid(['newStartingHashKey', null, notNull], ['shardToSplit', null, notNull]),
    );
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failure({ StreamName: '', ShardToSplit: '', NewStartingHashKey: '01' })).toEqual(
      invalid(['newStartingHashKey', '01', like(hashKey)], ...emptyName('streamName'), ...emptyName('shardToSplit')),
    );
  });

  it('refuses what is no shard id before it looks for the stream', async () => {
    const StreamName = kinesis.newName();
    expect(await failure({ StreamName, ShardToSplit: 'ABKLFD8' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ABKLFD8 in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });

  it('refuses a shard that the stream does not have', async () => {
    const StreamName = await kinesis.shared(3);
    expect(await failure({ StreamName, ShardToSplit: 'shardId-5' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard shardId-000000000005 in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });

  it.each([
    ['0', '1', '0', '113427455640312821154458202477256070484'],
    ['0', '113427455640312821154458202477256070484', '0', '113427455640312821154458202477256070484'],
    ['2', last, '226854911280625642308916404954512140970', last],
  ])('refuses to split shard %s of three at %s, which leaves a child too little', async (index, key, start, end) => {
    const StreamName = await kinesis.shared(3);
    expect(await failure({ StreamName, ShardToSplit: index, NewStartingHashKey: key })).toEqual({
      name: 'InvalidArgumentException',
      message:
        `NewStartingHashKey ${key} used in SplitShard() on shard shardId-00000000000${index} in stream ${StreamName} under account ${kinesis.account} ` +
        `is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's EndingHashKey ${end}.`,
    });
  });
});

describe('SplitShard: behaviour', () => {
  it('closes the parent, opens two children, and lets readers finish the parent before them', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'before');
    const start = await kinesis.iterator(StreamName);
    await split({ StreamName });
    await kinesis.settled(StreamName);
    const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.Shards).toEqual([
      {
        ShardId: zero,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: last },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String), EndingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
      },
      {
        ShardId: one,
        ParentShardId: zero,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: belowMiddle },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
      },
      {
        ShardId: two,
        ParentShardId: zero,
        HashKeyRange: { StartingHashKey: middle, EndingHashKey: last },
        SequenceNumberRange: { StartingSequenceNumber: expect.any(String) },
      },
    ]);
    const numbers = (StreamDescription?.Shards ?? []).map(({ SequenceNumberRange }) => SequenceNumberRange);
    const [end, ...starts] = [numbers[0]?.EndingSequenceNumber, numbers[1]?.StartingSequenceNumber, numbers[2]?.StartingSequenceNumber].map(
      (number = '') => parseSequenceNumber(number)?.seconds ?? 0,
    );
    expect(starts, 'seconds at which the children begin').toEqual([(end ?? 0) + 1, (end ?? 0) + 1]);

    expect((await kinesis.put(StreamName, 'after', { PartitionKey: 'user-1' })).ShardId).toBe(two);
    expect(texts({ Records: await kinesis.records(start, 2) })).toEqual(['before']);
    const child = await kinesis.iterator(StreamName, { ShardId: two });
    expect(texts({ Records: await kinesis.records(child, 1) })).toEqual(['after']);
    expect(await failure({ StreamName })).toEqual({
      name: 'InvalidArgumentException',
      message: `Shard ${zero} in stream ${StreamName} under account ${kinesis.account} has already been merged or split, and thus is not eligible for merging or splitting.`,
    });
  });

  it('is told to those who read the parent to its end', async () => {
    const StreamName = await kinesis.stream();
    const start = await kinesis.iterator(StreamName);
    await split({ StreamARN: kinesis.arn(StreamName) });
    await kinesis.settled(StreamName);
    const read = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: start }));
    expect(read.NextShardIterator).toBeUndefined();
    expect(read.ChildShards).toEqual([
      { ShardId: one, ParentShards: [zero], HashKeyRange: { StartingHashKey: '0', EndingHashKey: belowMiddle } },
      { ShardId: two, ParentShards: [zero], HashKeyRange: { StartingHashKey: middle, EndingHashKey: last } },
    ]);
  });

  it('is not for on-demand streams', async () => {
    expect((await failure({ StreamName: await kinesis.stream({}), NewStartingHashKey: '2' })).name).toBe('ValidationException');
  });
});
