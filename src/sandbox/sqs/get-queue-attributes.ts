import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { OperationOf } from '../operation.ts';
import { unknownAttribute } from './errors.ts';
import type { Queue } from './queue.ts';
import { onQueue, requestedQueue } from './request.ts';

/** Attributes that a standard queue may have and this one does not, so that asking for them is no mistake. */
const unset: readonly string[] = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'RedriveAllowPolicy', 'Policy', 'RedrivePolicy'];

export const getQueueAttributes: OperationOf<'sqs', 'GetQueueAttributes'> = {
  ...onQueue('getqueueattributes'),
  handle(input, context) {
    const all = describe(requestedQueue(input, context));
    const names: readonly string[] = input.AttributeNames ?? [];
    const unknown = names.find((name) => name !== 'All' && !all.has(name as QueueAttributeName) && !unset.includes(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    const chosen = [...all].filter(([name]) => names.includes('All') || names.includes(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  },
};

function describe(queue: Queue): ReadonlyMap<QueueAttributeName, string> {
  const { available, inFlight, delayed } = queue.counts();
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  return new Map<QueueAttributeName, string>([
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(available)],
    ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed)],
    ['CreatedTimestamp', seconds(queue.created)],
    ['LastModifiedTimestamp', seconds(queue.modified)],
    ...queue.attributes.shown(),
  ]);
}
