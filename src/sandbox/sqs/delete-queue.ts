import type { OperationOf } from '../operation.ts';
import { queuesOf } from './queues.ts';
import { onOwnQueue, requestedQueue } from './request.ts';

/** The queue is gone at once, which may take a minute on AWS. */
export const deleteQueue: OperationOf<'sqs', 'DeleteQueue'> = {
  ...onOwnQueue('deletequeue'),
  handle(input, context) {
    queuesOf(context.cloud, context).delete(requestedQueue(input, context));
    return {};
  },
};
