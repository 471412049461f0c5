import type { OperationOf } from '../operation.ts';
import { onDemandStreamLimit, openShardCount, shardLimit } from './quota.ts';
import { streamsOf } from './streams.ts';

export const describeLimits: OperationOf<'kinesis', 'DescribeLimits'> = {
  resources: () => ['*'],
  handle(_, context) {
    const streams = streamsOf(context.cloud, context).all();
    return {
      ShardLimit: shardLimit(context.region),
      OpenShardCount: openShardCount(streams),
      OnDemandStreamCount: streams.filter((stream) => stream.mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: onDemandStreamLimit,
    };
  },
};
