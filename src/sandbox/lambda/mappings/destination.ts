import type { Cloud } from '../../cloud.ts';
import { roleAllows } from '../../iam/access.ts';
import { queuesOf } from '../../sqs/queues.ts';
import { invalidParameter, notImplemented } from '../error.ts';

/** Where a mapping tells of the records that it has given up. */
export interface FailureDestination {
  readonly kind: 'queue';
  readonly arn: string;
}

/** What it is told. */
export interface FailureMessage {
  /** Which records, and why: JSON's members. */
  readonly record: object;
}

/**
 * Reads the ARN of a destination. AWS's text for one that cannot be is unverified.
 * @throws {AwsError} InvalidParameterValueException
 */
export function parseDestination(arn: string): FailureDestination {
  const service = /^arn:aws[\w-]*:(\w+):/.exec(arn)?.[1];
  if (service === 'sqs' && !arn.endsWith('.fifo')) return { kind: 'queue', arn };
  if (service === 'sns' || service === 's3') throw notImplemented(`An on-failure destination of ${service.toUpperCase()}`);
  throw invalidParameter(
    `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${arn})) is invalid.`,
  );
}

/** @throws {AwsError} InvalidParameterValueException where a role may not do what a mapping does with its destination (aws-behaviour 3.8). */
export function refuseForbiddenDestination(cloud: Cloud, roleArn: string, { arn }: FailureDestination): void {
  if (roleAllows(cloud, roleArn, 'sqs:SendMessage', arn)) return;
  throw invalidParameter('The function execution role does not have permissions to call SendMessage on SQS');
}

/**
 * Tells a destination. Where that is not possible any more, because the destination or the role's permission is gone,
 * nobody is told; on AWS, only the metric DestinationDeliveryFailures counts it.
 */
export function sendToDestination(cloud: Cloud, roleArn: string, { arn }: FailureDestination, { record }: FailureMessage): void {
  const [, , , region = '', account = ''] = arn.split(':');
  if (!roleAllows(cloud, roleArn, 'sqs:SendMessage', arn)) return;
  queuesOf(cloud, { account, region }).byArn(arn)?.send(JSON.stringify(record));
}
