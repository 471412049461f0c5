import { ApiError } from '../aws/aws.ts';
import { WaitTimeout } from '../aws/wait.ts';
import { ExitCode } from '../util/exit-code.ts';
import { reportBug, UserError } from '../util/user-error.ts';
import type { Problem } from './event.ts';

/**
 * Something that was thrown while a step ran, in words. `fault` says whose it is: of the `lab` (a step is not met), of the
 * `surroundings` (nothing can be said about the lab: no credentials, no network), or of the `program` (a bug).
 */
export interface Failure {
  readonly fault: 'lab' | 'surroundings' | 'program';
  readonly problem: Problem;
}

/** Turns whatever was thrown into a failure. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UserError) {
    const fault = error.exitCode === ExitCode.couldNotRun ? 'surroundings' : 'lab';
    return { fault, problem: { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
  }
  if (error instanceof ApiError) return apiFailure(error);
  if (error instanceof WaitTimeout) {
    return { fault: 'lab', problem: { message: error.message, hint: 'Run the step again: what it has done so far is not done twice.' } };
  }
  const bug = error instanceof Error ? error : new Error(`Something that is not an error was thrown: ${String(error)}`);
  return { fault: 'program', problem: { message: `This is a bug in kinesis-labs: ${bug.message}`, hint: reportBug, bug } };
}

const deniedCodes = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|OptInRequired|SubscriptionRequired)/;
const throttlingCodes = /Throttl|TooManyRequests|RequestLimitExceeded/;

function apiFailure(error: ApiError): Failure {
  const asked = `${error.call.service}:${error.call.operation}`;
  const message = `AWS answered ${error.code} to ${asked}: ${error.message}`;
  if (deniedCodes.test(error.code)) {
    const hint = `Ask for the permission ${asked} for the credentials in use, or use others with --profile.`;
    return { fault: 'surroundings', problem: { message, hint } };
  }
  if (throttlingCodes.test(error.code)) {
    return {
      fault: 'surroundings',
      problem: { message, hint: 'There are too many calls in this account at the moment. Try again in a minute.' },
    };
  }
  if (error.status === 0 || error.status >= 500) {
    return { fault: 'surroundings', problem: { message, hint: 'The fault is on the side of the service. Try again in a minute.' } };
  }
  return { fault: 'lab', problem: { message } };
}
