import type { OperationOf } from '../operation.ts';
import { eitherStream } from './constraints.ts';
import { invalidArgument, limitExceeded } from './errors.ts';
import { refuseShardsOverLimit } from './quota.ts';
import { activeStream, streamResource } from './request.ts';
import { refuseOnDemand } from './resharding.ts';
import { streamsOf } from './streams.ts';

/** The limit of ten changes a day is not enforced. */
export const updateShardCount: OperationOf<'kinesis', 'UpdateShardCount'> = {
  constraints: {
    TargetShardCount: { required: true, min: 1 },
    ScalingType: { required: true, values: ['UNIFORM_SCALING'] },
    ...eitherStream,
  },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    refuseOnDemand(stream);
    const current = stream.openShards.length;
    const target = input.TargetShardCount ?? current;
    refuseTarget(current, target);
    const streams = streamsOf(context.cloud, context);
    refuseShardsOverLimit(streams.all(), Math.max(0, target - current), context.account, context.region);
    streams.scale(stream, target);
    return { StreamName: stream.name, CurrentShardCount: current, TargetShardCount: target, StreamARN: stream.arn };
  },
};

/** The limits are documented; of the texts, the first is that of a third party's test and the other two are unverified. */
function refuseTarget(current: number, target: number): void {
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (target > 2 * current) {
    throw limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    throw limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  if (target === current) {
    throw invalidArgument(`UpdateShardCount needs a target that is different from your current open shard count. ${counts}`);
  }
}
