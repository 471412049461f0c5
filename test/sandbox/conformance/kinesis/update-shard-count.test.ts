import { ListShardsCommand, UpdateShardCountCommand, type UpdateShardCountInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, emptyName, invalid, notNull, oneOf } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const last = 2n ** 128n - 1n;

function scale(input: Partial<UpdateShardCountInput>) {
  return kinesis.client.send(new UpdateShardCountCommand({ TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING', ...input }));
}

function failure(input: Partial<UpdateShardCountInput>) {
  return failureOf(scale(input));
}

async function openRanges(StreamName: string) {
  const { Shards = [] } = await kinesis.client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }));
  return Shards.map(
    ({ HashKeyRange }) => [BigInt(HashKeyRange?.StartingHashKey ?? 0), BigInt(HashKeyRange?.EndingHashKey ?? 0)] as const,
  ).sort(([one], [other]) => (one < other ? -1 : 1));
}

describe('UpdateShardCount: serialization', () => {
  readsTypes(kinesis, 'UpdateShardCount', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    TargetShardCount: 'an Integer',
    ScalingType: 'a String',
  });
});

describe('UpdateShardCount: validation', () => {
  findsItsStream(kinesis, scale);

  it('needs a number of shards and a way to get there', async () => {
    expect(await failure({ StreamName: 'a', TargetShardCount: undefined, ScalingType: undefined })).toEqual(
      invalid(['targetShardCount', null, notNull], ['scalingType', null, notNull]),
    );
  });

  it('reports all values that break their constraints', async () => {
    const ScalingType = 'FAST' as 'UNIFORM_SCALING';
    expect(await failure({ StreamName: '', TargetShardCount: 0, ScalingType })).toEqual(
      invalid(['targetShardCount', '0', atLeast(1)], ['scalingType', 'FAST', oneOf('UNIFORM_SCALING')], ...emptyName('streamName')),
    );
  });

  it('refuses more than double, less than half, and what is already there', async () => {
    const StreamName = await kinesis.shared(3);
    expect(await failure({ StreamName, TargetShardCount: 7 })).toEqual({
      name: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 3, Target shard count: 7',
    });
    expect((await failure({ StreamName, TargetShardCount: 1 })).name).toBe('LimitExceededException');
    expect((await failure({ StreamName, TargetShardCount: 3 })).name).toBe('InvalidArgumentException');
  });
});

describe('UpdateShardCount: behaviour', () => {
  // A stream can be scaled ten times in 24 hours.
  it('goes from 2 shards to 4, to 5, with equal parts for each, to 3 by merging alone, and to 6', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    let CurrentShardCount: number = 2;
    const ever = [2];
    for (const [TargetShardCount, equal] of [
      [4, true],
      [5, true],
      [3, false],
      [6, false],
    ] as const) {
      const { $metadata: _, ...answer } = await scale({ StreamName, TargetShardCount });
      expect(answer).toEqual({ StreamName, StreamARN: kinesis.arn(StreamName), CurrentShardCount, TargetShardCount });
      await kinesis.settled(StreamName);
      ever.push((await kinesis.client.send(new ListShardsCommand({ StreamName }))).Shards?.length ?? 0);
      const width = 2n ** 128n / BigInt(TargetShardCount);
      const open = await openRanges(StreamName);
      expect(open).toHaveLength(TargetShardCount);
      if (equal)
        expect(open).toEqual(
          Array.from({ length: TargetShardCount }, (_, index) => {
            const start = width * BigInt(index);
            return [start, index === TargetShardCount - 1 ? last : start + width - 1n];
          }),
        );
      CurrentShardCount = TargetShardCount;
    }
    // Each split makes two shards, and each merge one.
    expect(ever).toEqual([2, 2 + 4, 6 + 8 + 3, 17 + 2, 19 + 6]);
  });

  it('is not for on-demand streams', async () => {
    expect((await failure({ StreamName: await kinesis.stream({}), TargetShardCount: 5 })).name).toBe('ValidationException');
  });
});
