import type { OperationOf } from '../operation.ts';
import { missingParameter } from './errors.ts';
import { queuesOf } from './queues.ts';
import { onOwnQueue, requestedQueue } from './request.ts';

/** All of the changes are made, or none of them. They count at once, which may take a minute on AWS. */
export const setQueueAttributes: OperationOf<'sqs', 'SetQueueAttributes'> = {
  ...onOwnQueue('setqueueattributes'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    // The text is unverified.
    if (input.Attributes === undefined || Object.keys(input.Attributes).length === 0) throw missingParameter('Attributes');
    queue.attributes = queuesOf(context.cloud, context).changed(queue, input.Attributes);
    queue.modified = context.cloud.clock.now();
    queue.changed.ring();
    return {};
  },
};
