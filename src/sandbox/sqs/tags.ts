import type { ResourceTags } from '../iam/resource-tags.ts';
import type { OperationOf } from '../operation.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import { queuesOf } from './queues.ts';
import { onOwnQueue, requestedQueue } from './request.ts';

const mostTags = 50;

/** What conditions can ask for: the tags of queues. */
export const tagsOfQueue: ResourceTags = (cloud, arn) => {
  const [, , , region = '', account = ''] = arn.split(':');
  return queuesOf(cloud, { region, account }).byArn(arn)?.tags;
};

/** @throws {AwsError} InvalidParameterValueException for more than fifty tags; its text is unverified */
export function checkTags(queueName: string, keys: Iterable<string>): void {
  if (new Set(keys).size > mostTags) throw invalidParameter(`Too many tags added for queue ${queueName}.`);
}

export const tagQueue: OperationOf<'sqs', 'TagQueue'> = {
  ...onOwnQueue('tagqueue'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const added = Object.entries(input.Tags ?? {});
    if (added.length === 0) throw missingParameter('Tags');
    checkTags(queue.name, [...queue.tags.keys(), ...added.map(([key]) => key)]);
    for (const [key, value] of added) queue.tags.set(key, value);
    return {};
  },
};

export const untagQueue: OperationOf<'sqs', 'UntagQueue'> = {
  ...onOwnQueue('untagqueue'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    if (!input.TagKeys?.length) throw missingParameter('TagKeys');
    for (const key of input.TagKeys) queue.tags.delete(key);
    return {};
  },
};

export const listQueueTags: OperationOf<'sqs', 'ListQueueTags'> = {
  ...onOwnQueue('listqueuetags'),
  handle(input, context) {
    const { tags } = requestedQueue(input, context);
    return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
  },
};
