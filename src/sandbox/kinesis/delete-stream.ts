import type { OperationOf } from '../operation.ts';
import { eitherStream } from './constraints.ts';
import { notActive, resourceInUse } from './errors.ts';
import { requestedStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

export const deleteStream: OperationOf<'kinesis', 'DeleteStream'> = {
  constraints: eitherStream,
  resources: streamResource,
  handle(input, context) {
    const stream = requestedStream(input, context);
    // A stream that is being created can be deleted. What AWS answers for one that is being deleted is unverified.
    if (stream.status === 'DELETING') throw notActive(stream);
    // The code is documented, the text is unverified.
    if (stream.consumers.count > 0 && !input.EnforceConsumerDeletion) {
      throw resourceInUse(`Stream ${stream.name} under account ${stream.account} has consumers registered.`);
    }
    streamsOf(context.cloud, context).delete(stream);
    return {};
  },
};
