import { AwsError } from '../error.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';

export { notImplemented } from '../not-implemented.ts';

/** The errors that Lambda's operations share. The protocol adds `"Type": "User"` (Lambda API reference). */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

/** The same of the few texts that Lambda answers without a type (recorded from Lambda). */
export function untypedInvalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { members: { Type: undefined } });
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404 });
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, { status: 409 });
}

/** What is answered to what only an Active function can do. The text is widely quoted; unverified. */
export function wrongState(state: 'Pending' | 'Active'): AwsError {
  return conflict(`The operation cannot be performed at this time. The function is currently in the following state: ${state}`);
}

/**
 * Refuses a request that was made for another revision than the one that is there (texts recorded from Lambda).
 * @param api which one tells the latest
 * @throws {AwsError}
 */
export function refuseOtherRevision(
  { revisionId: current }: { readonly revisionId: string },
  asked: string | undefined,
  api: 'GetFunction/GetAlias' | 'GetPolicy' = 'GetFunction/GetAlias',
): void {
  if (asked === undefined || asked === current) return;
  const text = `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`;
  throw new AwsError('PreconditionFailedException', text, { status: 412 });
}

/** @param reason as the SDK's `ThrottleReason` lists them. */
export function tooManyRequests(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429, members: { Reason: reason } });
}

/** A framework validation error, for constraints that depend on more than one member. `problem` starts with "Value". */
export function validationError(problem: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

/** As `refuseUnsupportedMembers`, for an operation of Lambda. @throws {AwsError} */
export function refuseMembers(operation: string, input: object, members: readonly string[]): void {
  refuseUnsupportedMembers(`lambda:${operation}`, input, members);
}
