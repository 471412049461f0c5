import type { OperationOf } from '../operation.ts';
import { maxRecordSize, streamArn, streamId } from './constraints.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

export const updateMaxRecordSize: OperationOf<'kinesis', 'UpdateMaxRecordSize'> = {
  constraints: { MaxRecordSizeInKiB: { required: true, ...maxRecordSize }, StreamARN: streamArn, StreamId: streamId },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    streamsOf(context.cloud, context).update(stream, () => {
      stream.maxRecordKiB = input.MaxRecordSizeInKiB ?? stream.maxRecordKiB;
    });
    return {};
  },
};
