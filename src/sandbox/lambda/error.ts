import { AwsError } from '../error.ts';

/** The errors that Lambda's operations share. The protocol adds `"Type": "User"` (aws-behaviour 2.1). */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, { status: 409 });
}

/** @param reason as the SDK's `ThrottleReason` lists them. */
export function tooManyRequests(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429, members: { Reason: reason } });
}

/** A framework validation error, for constraints that depend on more than one member. `problem` starts with "Value". */
export function validationError(problem: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

/** What AWS has and this sandbox has not. */
export function notImplemented(what: string, hint = ''): AwsError {
  return new AwsError('NotImplemented', `${what} exists on AWS and is not implemented by this sandbox.${hint}`, { status: 501 });
}

/**
 * Refuses members of a request which the sandbox does not act on; to take them and do nothing would be a lie. Members
 * that ask for nothing (`[]`, `{}`, `{ SubnetIds: [] }`, `""`, `0`, `false`) pass.
 * @throws {AwsError}
 */
export function refuseMembers(operation: string, input: object, members: readonly string[]): void {
  const asked = members.find((member) => asksForSomething((input as Readonly<Record<string, unknown>>)[member]));
  if (asked !== undefined) throw notImplemented(`${asked} of lambda:${operation}`);
}

function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return false;
  if (typeof value !== 'object' || value instanceof Uint8Array || value instanceof Date) return true;
  return Object.values(value).some(asksForSomething);
}
