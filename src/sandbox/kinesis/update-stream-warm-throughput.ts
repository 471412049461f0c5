import type { OperationOf } from '../operation.ts';
import { eitherStream, warmThroughputMiBps } from './constraints.ts';
import { refuseShardsOverLimit } from './quota.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';
import { warmShards, warmThroughput } from './warm-throughput.ts';

/** UpdateStreamWarmThroughput (Kinesis API reference): scales an on-demand stream ahead of what is going to be put to it, or back. */
export const updateStreamWarmThroughput: OperationOf<'kinesis', 'UpdateStreamWarmThroughput'> = {
  constraints: { ...eitherStream, WarmThroughputMiBps: { required: true, ...warmThroughputMiBps } },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    const shards = warmShards(input.WarmThroughputMiBps ?? 0, stream.mode, context);
    const streams = streamsOf(context.cloud, context);
    refuseShardsOverLimit(streams.all(), Math.max(0, shards - stream.openShards.length), context.account, context.region);
    streams.scale(stream, shards);
    return { StreamARN: stream.arn, StreamName: stream.name, ...warmThroughput(stream, context) };
  },
};
