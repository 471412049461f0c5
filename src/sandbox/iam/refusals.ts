import { AwsError } from '../error.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 });
}

export function policyNotFound(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} was not found.`);
}

/** What AttachRolePolicy says about a policy that there is not (IAM API reference). */
export function notAttachable(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, { status: 409 });
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { status: 409 });
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, { status: 409 });
}

/**
 * IAM does not answer a name with wrong characters as it answers other values that break a constraint.
 * @param member `roleName`
 */
export function checkName(name: string, member: string): string {
  if (/^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError(
    'ValidationError',
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

/** @throws {AwsError} ValidationError for what is not an ARN of a policy (both spaces are in AWS's text) */
export function checkPolicyArn(arn: string): string {
  if (/^arn:[^:]*:iam::[^:]*:policy\/\S+$/.test(arn)) return arn;
  throw new AwsError('ValidationError', 'Invalid ARN:  Could not be parsed!');
}
