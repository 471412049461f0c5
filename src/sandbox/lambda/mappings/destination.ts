import type { Cloud } from '../../cloud.ts';
import { roleAllows } from '../../iam/access.ts';
import { queuePolicy } from '../../sqs/request.ts';
import { invalidParameter, notImplemented } from '../error.ts';

/** Where a mapping tells of the records that it has given up. */
export interface FailureDestination {
  readonly kind: 'queue' | 'bucket';
  readonly arn: string;
}

/** Where the keys of all objects begin that mappings put into buckets. */
export const objectFolder = 'aws/lambda/';

/**
 * Reads the ARN of a destination. AWS's text for one that cannot be is unverified.
 * @throws {AwsError} InvalidParameterValueException
 */
export function parseDestination(arn: string): FailureDestination {
  const service = /^arn:aws[\w-]*:(\w+):/.exec(arn)?.[1];
  if (service === 'sqs' && !arn.endsWith('.fifo')) return { kind: 'queue', arn };
  if (service === 's3') return { kind: 'bucket', arn };
  if (service === 'sns') throw notImplemented('An on-failure destination of SNS');
  throw invalidParameter(
    `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${arn})) is invalid.`,
  );
}

/**
 * The text for SQS is AWS's (texts recorded from Lambda), those for S3 are made in its likeness and unverified.
 * @throws {AwsError} InvalidParameterValueException where a role may not do what a mapping does with its destination
 */
export function refuseForbiddenDestination(cloud: Cloud, roleArn: string, destination: FailureDestination): void {
  const missing = missingPermission(cloud, roleArn, destination);
  if (missing === undefined) return;
  throw invalidParameter(`The function execution role does not have permissions to call ${missing}`);
}

/** What a role may not do that a mapping does with its destination: `SendMessage on SQS`; undefined when it may do all of it. */
export function missingPermission(cloud: Cloud, roleArn: string, { kind, arn }: FailureDestination): string | undefined {
  const allows = (action: string, resource: string) => roleAllows(cloud, roleArn, action, resource);
  if (kind === 'queue')
    return roleAllows(cloud, roleArn, 'sqs:SendMessage', arn, queuePolicy(arn, { cloud })) ? undefined : 'SendMessage on SQS';
  if (!allows('s3:PutObject', `${arn}/${objectFolder}`)) return 'PutObject on S3';
  return allows('s3:ListBucket', arn) ? undefined : 'ListBucket on S3';
}
