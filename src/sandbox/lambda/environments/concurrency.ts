import { type Cloud, type Scope, slot } from '../../cloud.ts';
import { tooManyRequests } from '../error.ts';
import { functionsOf } from '../functions/functions.ts';
import type { InvokedFunction } from '../functions/invocable.ts';

/** The default quota of an account and region, and what of it cannot be reserved (Lambda quotas). */
export const accountConcurrency = 1_000;
export const smallestUnreserved = 100;

interface Shared {
  /** Invocations going on of all functions without a reservation. */
  running: number;
}

const shared = slot('lambda-concurrency', (): Shared => ({ running: 0 }));

/** What functions without a reservation share. @param besides is counted as if it had none. */
export function unreservedConcurrency(cloud: Cloud, scope: Scope, besides?: InvokedFunction): number {
  const reserved = functionsOf(cloud, scope)
    .all()
    .filter((lambdaFunction) => lambdaFunction !== besides)
    .reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
  return accountConcurrency - reserved;
}

/**
 * Counts an invocation in. @returns what counts it out again.
 * @throws {AwsError} TooManyRequestsException when the function's reservation, or what all others share, is used up.
 */
export function enterInvocation(cloud: Cloud, lambdaFunction: InvokedFunction): () => void {
  const { scope, reservedConcurrency } = lambdaFunction;
  const others = cloud.state(shared, scope);
  if (reservedConcurrency !== undefined && lambdaFunction.running >= reservedConcurrency) {
    throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
  }
  const sharing = reservedConcurrency === undefined;
  if (sharing && others.running >= unreservedConcurrency(cloud, scope)) throw tooManyRequests('ConcurrentInvocationLimitExceeded');
  lambdaFunction.running += 1;
  if (sharing) others.running += 1;
  return () => {
    lambdaFunction.running -= 1;
    if (sharing) others.running -= 1;
  };
}
