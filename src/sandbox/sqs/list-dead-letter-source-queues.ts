import type { OperationOf } from '../operation.ts';
import { urlPage } from './queue-url.ts';
import { queuesOf } from './queues.ts';
import { onQueue, requestedQueue } from './request.ts';

/** The queues whose redrive policy names this one. */
export const listDeadLetterSourceQueues: OperationOf<'sqs', 'ListDeadLetterSourceQueues'> = {
  ...onQueue('listdeadlettersourcequeues'),
  handle(input, context) {
    const target = requestedQueue(input, context);
    const scope = { account: target.arn.split(':')[4] ?? '', region: context.region };
    const sources = [...queuesOf(context.cloud, scope).all()].filter(
      ({ attributes }) => attributes.redrive?.deadLetterTargetArn === target.arn,
    );
    const { urls, next } = urlPage(sources, input, context);
    return { queueUrls: urls, ...(next === undefined ? {} : { NextToken: next }) };
  },
};
