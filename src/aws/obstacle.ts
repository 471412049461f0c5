import { commonJs } from '../util/commonjs.ts';
import type { ApiCall } from './api-call.ts';
import { ApiError } from './aws.ts';
import { connectionProblem } from './call-failure.ts';
import type { Propagation } from './transient.ts';

/** Why a call did not get the answer that it asks for, where it may get it soon. */
export interface Obstacle {
  readonly kind: 'throttled' | 'failed' | 'unreachable' | 'propagation' | 'skewed';
  /** Completes the sentence "waiting for …". */
  readonly what: string;
  /** For how many milliseconds the call is made again, from when this first stood in its way. */
  readonly patienceMs: number;
  /** Milliseconds between two attempts, at first. */
  readonly pauseMs: number;
  /** Whether the call may have taken effect all the same. */
  readonly mayBeDone: boolean;
}

const { isClockSkewCorrectedError, isClockSkewError, isThrottlingError } =
  commonJs<typeof import('@smithy/core/retry')>('@smithy/core/retry');

// A limit is one of calls in a second, and a class of a hundred takes some seconds to get through it.
const throttledMs = 60_000;
const failedMs = 30_000;
// So long a network may be away. An address where nobody has ever answered is more likely to be wrong.
const awayMs = 30_000;
const firstContactMs = 3_000;
// The second attempt is signed with the right time. Whatever else is wrong with the signature stays.
const skewedMs = 1_000;

// Limits that are no matter of time have the same code as those of calls in a second (Kinesis, IAM and Firehose API reference).
const quotaText = /quota|shard limit|limit for the (account|requested)|already (reached|consumed)|cannot scale/i;
// 501 is an operation that is not there.
const passingStatuses = new Set([500, 502, 503, 504]);

/**
 * What stands in the way of a call, by what the SDK threw and what that means, or `undefined` where trying again is of
 * no use.
 * @param known what is known of IAM, the time in epoch milliseconds, and whether the endpoint has answered before
 */
export function obstacleTo(
  call: ApiCall,
  thrown: unknown,
  failure: Error,
  known: { readonly propagation: Propagation; readonly now: number; readonly reached: boolean },
): Obstacle | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const asked = `${call.service}:${call.operation}`;
  if (isOfWrongTime(thrown)) {
    return {
      kind: 'skewed',
      what: `${asked} to be signed with the time of AWS (the clock of this machine is wrong)`,
      patienceMs: skewedMs,
      pauseMs: 100,
      mayBeDone: false,
    };
  }
  if (!(failure instanceof ApiError)) {
    const problem = connectionProblem(thrown);
    if (problem === undefined || !problem.passing) return undefined;
    const what = `${asked} to be answered (${problem.reason})`;
    const patienceMs = problem.sent || known.reached ? awayMs : firstContactMs;
    return { kind: problem.sent ? 'failed' : 'unreachable', what, patienceMs, pauseMs: 500, mayBeDone: problem.sent };
  }
  const { code, message, status } = failure;
  if (isThrottlingError(thrown as Parameters<typeof isThrottlingError>[0]) && !quotaText.test(message)) {
    return { kind: 'throttled', what: `${asked} to be let through (${code})`, patienceMs: throttledMs, pauseMs: 1_000, mayBeDone: false };
  }
  if (passingStatuses.has(status)) {
    return { kind: 'failed', what: `${asked} to be answered (${code})`, patienceMs: failedMs, pauseMs: 500, mayBeDone: true };
  }
  const what = known.propagation.awaited(failure);
  if (what === undefined) return undefined;
  return { kind: 'propagation', what, patienceMs: known.propagation.remainingMs(known.now), pauseMs: 1_000, mayBeDone: false };
}

/**
 * Whether a signature was refused for the time of this machine, which is minutes from that of AWS. By the answer the SDK has set its
 * clock, and signs with that from now on. It says so of all errors on such a machine: what the error is tells those of the signature,
 * among which it counts a lack of permission, of which AWS says nothing like that.
 */
function isOfWrongTime(thrown: Error): boolean {
  const error = thrown as Parameters<typeof isClockSkewError>[0];
  return error.name !== 'AccessDeniedException' && isClockSkewError(error) && isClockSkewCorrectedError(error) === true;
}
