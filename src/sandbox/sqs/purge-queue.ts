import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { onQueue, requestedQueue } from './request.ts';

/** Deletes all messages at once, which may take a minute on AWS. */
export const purgeQueue: OperationOf<'sqs', 'PurgeQueue'> = {
  ...onQueue('purgequeue'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    if (!queue.purge()) {
      const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
      throw new AwsError('PurgeQueueInProgress', message, { status: 403 });
    }
    return {};
  },
};
