import type { OperationOf } from '../operation.ts';
import { urlPage } from './queue-url.ts';
import { queueArn, queuesOf } from './queues.ts';

/** Without MaxResults there is one page of a thousand queues at the most, and no token. */
export const listQueues: OperationOf<'sqs', 'ListQueues'> = {
  action: 'sqs:listqueues',
  // SQS asks for a resource without a name, and prints it so.
  resources: (_input, context) => [queueArn(context, '')],
  handle(input, context) {
    const queues = [...queuesOf(context.cloud, context).all()].filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
    const { urls, next } = urlPage(queues, input, context);
    return { ...(urls.length === 0 ? {} : { QueueUrls: urls }), ...(next === undefined ? {} : { NextToken: next }) };
  },
};
