import type { OperationOf } from '../operation.ts';
import { eitherStream, hashKey, shardId } from './constraints.ts';
import { invalidArgument } from './errors.ts';
import { refuseShardsOverLimit } from './quota.ts';
import { streamResource } from './request.ts';
import { refuseClosed, reshardedShards } from './resharding.ts';
import { streamsOf } from './streams.ts';

export const splitShard: OperationOf<'kinesis', 'SplitShard'> = {
  constraints: {
    NewStartingHashKey: { required: true, ...hashKey },
    ...eitherStream,
    ShardToSplit: { required: true, ...shardId },
  },
  resources: streamResource,
  handle(input, context) {
    const { stream, shards } = reshardedShards(input, [input.ShardToSplit ?? ''], context);
    const [shard] = shards;
    if (shard === undefined) throw new Error('A split without a shard.');
    const streams = streamsOf(context.cloud, context);
    refuseClosed(shard, stream);
    refuseShardsOverLimit(streams.all(), 1, context.account, context.region);
    const where = `shard ${shard.id} in stream ${stream.name} under account ${stream.account}`;
    const key = BigInt(input.NewStartingHashKey ?? '0');
    const { start, end } = shard.range;
    if (key <= start + 1n || key >= end) {
      throw invalidArgument(
        `NewStartingHashKey ${key} used in SplitShard() on ${where} is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's EndingHashKey ${end}.`,
      );
    }
    streams.update(stream, () => stream.split(shard, key));
    return {};
  },
};
