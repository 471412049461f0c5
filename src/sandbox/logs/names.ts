import type { Scope } from '../cloud.ts';
import { AwsError } from '../error.ts';
import type { RequestContext } from '../operation.ts';
import { type LogGroup, logStore } from './store.ts';

/** A log group's ARN, as tags are put on it. What DescribeLogGroups calls `arn` has `:*` behind it. */
export function groupArn({ region, account }: Scope, group: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${group}`;
}

/**
 * The ARN that IAM is asked about. Refusals of real services show it in this form, also for operations on a whole group,
 * which is why a policy that names a group has to end in `:*`.
 */
export function logResource(scope: Scope, group: string, stream = ''): string {
  return `${groupArn(scope, group)}:log-stream:${stream}`;
}

/** How a request says which group it means. */
interface GroupReference {
  readonly logGroupName?: string | undefined;
  /** A name or an ARN. */
  readonly logGroupIdentifier?: string | undefined;
}

/** The name of the group that a request is about. Empty where it gives none, which `groupOf` refuses. */
export function groupNameOf({ logGroupName, logGroupIdentifier }: GroupReference): string {
  return logGroupName ?? logGroupIdentifier?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '') ?? '';
}

/** The resource of an operation on a group, or on a stream in it. */
export function logResources(input: GroupReference & { readonly logStreamName?: string | undefined }, context: RequestContext): string[] {
  return [logResource(context, groupNameOf(input), input.logStreamName)];
}

/**
 * The group that a request is about.
 * @throws {AwsError} ResourceNotFoundException; ValidationException when it names two; InvalidParameterException when it names none, whose text is unverified
 */
export function groupOf(input: GroupReference, context: RequestContext): LogGroup {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw new AwsError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  if (input.logGroupName === undefined && input.logGroupIdentifier === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
    );
  }
  return logStore(context.cloud, context).group(checkedGroupName(groupNameOf(input)));
}

/** @throws {AwsError} InvalidParameterException for a name that is too long, in words that are no other constraint's (recorded from CloudWatch Logs) */
export function checkedGroupName(name: string): string {
  if (name.length > 512) throw invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  return name;
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function invalidToken(): AwsError {
  return invalidParameter('The specified nextToken is invalid.');
}
