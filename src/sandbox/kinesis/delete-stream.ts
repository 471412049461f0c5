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
    // The text is quoted in a report about streams that could not be deleted.
    if (stream.consumers.count > 0 && !input.EnforceConsumerDeletion) {
      throw resourceInUse(
        `DeleteStream can't delete ${stream.arn} because there are consumers associated with this data stream. To delete ${stream.name} ` +
          'anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.',
      );
    }
    streamsOf(context.cloud, context).delete(stream);
    return {};
  },
};
