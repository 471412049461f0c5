import { tagging } from '../iam/besides.ts';
import type { OperationOf } from '../operation.ts';
import { checkNewQueue } from './queue-name.ts';
import { urlOf } from './queue-url.ts';
import { queueArn, queuesOf } from './queues.ts';
import { checkTags } from './tags.ts';

/** A queue is there at once, and asking again for the same queue is answered with the one that is there. */
export const createQueue: OperationOf<'sqs', 'CreateQueue'> = {
  action: 'sqs:createqueue',
  resources: ({ QueueName }, context) => [queueArn(context, QueueName ?? '')],
  besides: ({ tags }) => tagging('sqs:tagqueue', tags),
  handle({ QueueName: name = '', Attributes: attributes = {}, tags = {} }, context) {
    checkNewQueue(name, attributes);
    checkTags(name, Object.keys(tags));
    return { QueueUrl: urlOf(queuesOf(context.cloud, context).create(name, attributes, tags), context) };
  },
};
