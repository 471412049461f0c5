import type { OperationOf } from '../operation.ts';
import { eitherStream } from './constraints.ts';
import { notActive } from './errors.ts';
import { requestedStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

export const deleteStream: OperationOf<'kinesis', 'DeleteStream'> = {
  constraints: eitherStream,
  resources: streamResource,
  handle(input, context) {
    const stream = requestedStream(input, context);
    // A stream that is being created can be deleted. What AWS answers for one that is being deleted is unverified.
    if (stream.status === 'DELETING') throw notActive(stream);
    streamsOf(context.cloud, context).delete(stream);
    return {};
  },
};
