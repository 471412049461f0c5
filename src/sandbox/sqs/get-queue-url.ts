import type { OperationOf } from '../operation.ts';
import { queueDoesNotExist } from './errors.ts';
import { checkQueueName } from './queue-name.ts';
import { urlOf } from './queue-url.ts';
import { queueArn, queuesOf } from './queues.ts';
import { queuePolicy } from './request.ts';

export const getQueueUrl: OperationOf<'sqs', 'GetQueueUrl'> = {
  action: 'sqs:getqueueurl',
  resources: ({ QueueName, QueueOwnerAWSAccountId: owner }, { account, region }) => [
    queueArn({ account: owner ?? account, region }, QueueName ?? ''),
  ],
  resourcePolicy: queuePolicy,
  handle({ QueueName: name = '', QueueOwnerAWSAccountId: owner }, context) {
    const { cloud, account, region } = context;
    // A name that no queue can have: the text is that of CreateQueue, which is unverified here.
    if (!name.endsWith('.fifo')) checkQueueName(name);
    const queue = queuesOf(cloud, { account: owner ?? account, region }).find(name);
    if (queue === undefined) throw queueDoesNotExist();
    return { QueueUrl: urlOf(queue, context) };
  },
};
