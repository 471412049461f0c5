import type { OperationOf } from '../operation.ts';
import { streamArn, streamId, streamMode, warmThroughputMiBps } from './constraints.ts';
import { refuseShardsOverLimit } from './quota.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';
import { warmShards } from './warm-throughput.ts';

/** The stream keeps its shards in either direction, unless it is to be ready for more. The limit of two switches a day is not enforced. */
export const updateStreamMode: OperationOf<'kinesis', 'UpdateStreamMode'> = {
  constraints: {
    StreamARN: { required: true, ...streamArn },
    StreamModeDetails: { required: true, members: { StreamMode: streamMode } },
    WarmThroughputMiBps: warmThroughputMiBps,
    StreamId: streamId,
  },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    const { StreamModeDetails: { StreamMode: mode = stream.mode } = {}, WarmThroughputMiBps: warm } = input;
    const needed = warmShards(warm, mode, context);
    const streams = streamsOf(context.cloud, context);
    const change = () => {
      stream.mode = mode;
    };
    const additional = warm === undefined ? 0 : needed - stream.openShards.length;
    if (additional > 0) {
      refuseShardsOverLimit(streams.all(), additional, context.account, context.region);
      streams.scale(stream, needed, change);
    } else {
      streams.update(stream, change);
    }
    return {};
  },
};
