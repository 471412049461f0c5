import { AwsError } from './error.ts';

/** The answer to a request for something that AWS has and this sandbox has not: never a success that did nothing. */
export function notImplemented(what: string, hint = ''): AwsError {
  return new AwsError('NotImplemented', `${what} exists on AWS and is not implemented by this sandbox.${hint}`, { status: 501 });
}

/**
 * Refuses members of a request which the sandbox does not act on; to take them and do nothing would be a lie. Members
 * that ask for nothing (`[]`, `{}`, `{ SubnetIds: [] }`, `""`, `0`, `false`) pass.
 * @param operation `lambda:CreateFunction`
 * @throws {AwsError}
 */
export function refuseUnsupportedMembers(operation: string, input: object, members: readonly string[]): void {
  const asked = members.find((member) => asksForSomething((input as Readonly<Record<string, unknown>>)[member]));
  if (asked !== undefined) throw notImplemented(`${asked} of ${operation}`);
}

function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return false;
  if (typeof value !== 'object' || value instanceof Uint8Array || value instanceof Date) return true;
  return Object.values(value).some(asksForSomething);
}
