import type { OperationOf } from '../operation.ts';
import { streamArn, streamId, streamMode, warmThroughput } from './constraints.ts';
import { notImplemented } from './errors.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

/** The stream keeps its shards in either direction. The limit of two switches a day is not enforced. */
export const updateStreamMode: OperationOf<'kinesis', 'UpdateStreamMode'> = {
  constraints: {
    StreamARN: { required: true, ...streamArn },
    StreamModeDetails: { required: true, members: { StreamMode: streamMode } },
    WarmThroughputMiBps: warmThroughput,
    StreamId: streamId,
  },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    if (input.WarmThroughputMiBps !== undefined) throw notImplemented('WarmThroughputMiBps');
    streamsOf(context.cloud, context).update(stream, () => {
      stream.mode = input.StreamModeDetails?.StreamMode ?? stream.mode;
    });
    return {};
  },
};
