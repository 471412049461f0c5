import type { OperationOf } from '../operation.ts';
import { eitherStream, shardId } from './constraints.ts';
import { invalidArgument } from './errors.ts';
import { streamResource } from './request.ts';
import { refuseClosed, reshardedShards } from './resharding.ts';
import { streamsOf } from './streams.ts';

export const mergeShards: OperationOf<'kinesis', 'MergeShards'> = {
  constraints: {
    ShardToMerge: { required: true, ...shardId },
    AdjacentShardToMerge: { required: true, ...shardId },
    ...eitherStream,
  },
  resources: streamResource,
  handle(input, context) {
    const { stream, shards } = reshardedShards(input, [input.ShardToMerge ?? '', input.AdjacentShardToMerge ?? ''], context);
    const [lower, upper] = shards;
    if (lower === undefined || upper === undefined) throw new Error('A merge without two shards.');
    refuseClosed(lower, stream);
    refuseClosed(upper, stream);
    // The first has to be the lower one.
    if (lower.range.end + 1n !== upper.range.start) {
      throw invalidArgument(
        `Shards ${lower.id} and ${upper.id} in stream ${stream.name} under account ${stream.account} are not an adjacent pair of shards eligible for merging`,
      );
    }
    streamsOf(context.cloud, context).update(stream, () => stream.merge(lower, upper));
    return {};
  },
};
