import type { Scope } from '../cloud.ts';
import type { Policy } from '../iam/policy.ts';
import type { RequestContext } from '../operation.ts';
import { queueDoesNotExist } from './errors.ts';
import type { Queue } from './queue.ts';
import { queueArn, queuesOf } from './queues.ts';

/** How requests say which queue they are about. */
export interface QueueReference {
  readonly QueueUrl?: string | undefined;
}

interface PlacedQueue extends Scope {
  readonly name: string;
}

/** Account and name are the path of the URL; a name alone is taken as well (tests that pass on AWS). Whatever its host says, the region is the one that the request was signed for. */
function placeOf({ QueueUrl: url }: QueueReference, { account, region }: RequestContext): PlacedQueue | undefined {
  if (url === undefined || url === '') return undefined;
  if (/^[\w-]{1,80}$/.test(url)) return { account, region, name: url };
  const [, owner, name] = /^(?:https?:\/\/[^/]+)?\/(\d{12})\/([^/?#]+)\/?$/.exec(url) ?? [];
  return name === undefined ? undefined : { account: owner ?? account, region, name };
}

/** @throws {AwsError} QueueDoesNotExist, for what is no queue's URL as well (a test that passes on AWS) */
export function requestedQueue(reference: QueueReference, context: RequestContext): Queue {
  const place = placeOf(reference, context);
  const queue = place && queuesOf(context.cloud, place).find(place.name);
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** The policy of a queue, whoever it belongs to. */
export function queuePolicy(arn: string, { cloud }: Pick<RequestContext, 'cloud'>): Policy | undefined {
  const [, , , region = '', account = ''] = arn.split(':');
  return queuesOf(cloud, { region, account }).byArn(arn)?.attributes.policy;
}

function queueResource(reference: QueueReference, context: RequestContext): readonly string[] {
  const place = placeOf(reference, context);
  return [place === undefined ? queueArn(context, '') : queueArn(place, place.name)];
}

/**
 * What IAM is asked for an operation on messages, which the queue's own policy may allow.
 * @param action in lower case, as SQS prints it when it refuses (reports of refused calls show `sqs:sendmessage`)
 */
export function onQueue(action: string) {
  return { action: `sqs:${action}`, resources: queueResource, resourcePolicy: queuePolicy };
}

/**
 * What IAM is asked for an operation that manages a queue. A queue's policy cannot let other accounts do that, and is not
 * asked here at all, so that nobody locks themselves out.
 */
export function onOwnQueue(action: string) {
  return { action: `sqs:${action}`, resources: queueResource };
}
