import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import type { ApiCall } from './api-call.ts';
import type { Target } from './target.ts';

/** AWS as steps see it: calls go in as data, answers come out typed. */
export interface Aws {
  readonly target: Target;
  /**
   * Makes one call. Where it is throttled, fails on AWS's side or gets no answer, it is made again with bounded back-off,
   * and so it is for what AWS answers for seconds after a role or a policy was written (IAM User Guide, "Changes that I make are not always immediately visible": by name, up to `target.propagationMs`).
   * @throws {ApiError} what AWS answered, with the call that it was the answer to.
   * @throws {AnswerLost} for a call that cannot be made again (`isRepeatable`), when nobody knows whether it took effect.
   * @throws {WriteRefused} when the session is read-only and the call is not.
   */
  call<Output>(call: ApiCall<Output>): Promise<Output>;
  /**
   * Whether a role may soon be allowed what it is not yet, because this session wrote it or a policy of it seconds ago: for what
   * functions are refused, which no call of this session is answered with.
   * @param role its name
   */
  settling(role: string): Settling | undefined;
}

/** Something that comes right by itself. */
export interface Settling {
  /** Completes the sentence "waiting for …". */
  readonly what: string;
  /** For how many milliseconds from now. */
  readonly patienceMs: number;
}

/** An error that AWS answered. `message` is AWS's own text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `ResourceNotFoundException`; the SDK's name of it, which ends in `Exception` where the wire has none (IAM). */
  readonly code: string;
  /** HTTP status, or 0 when no answer came. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** Whether an earlier attempt of this very call got no answer, and may be what this one was refused for. */
  readonly mayBeDone: boolean;
  readonly call: ApiCall;

  constructor(
    call: ApiCall,
    answer: {
      readonly code: string;
      readonly message: string;
      readonly status: number;
      readonly requestId?: string | undefined;
      readonly mayBeDone?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(answer.message, { cause: answer.cause });
    this.call = call;
    this.code = answer.code;
    this.status = answer.status;
    this.requestId = answer.requestId;
    this.mayBeDone = answer.mayBeDone ?? false;
  }
}

/** A call that got no answer, took effect or did not, and must not be made twice. */
export class AnswerLost extends UserError {
  readonly call: ApiCall;

  /** @param failure why there is no answer */
  constructor(call: ApiCall, failure: Error) {
    const said = failure instanceof ApiError ? `AWS answered ${failure.code} to ${call.service}:${call.operation}: ` : '';
    super(`${said}${failure.message}`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Nobody knows whether it took effect. Run the step again: it looks before it does anything.',
    });
    this.call = call;
  }
}

/** A write that a read-only session did not let through. The request never left the program. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly call: ApiCall;

  constructor(call: ApiCall) {
    super(`${call.service}:${call.operation} is a write, and this session only reads.`);
    this.call = call;
  }
}

/** The codes with which AWS says that a thing is not there, over all services. */
export const absentCodes = [
  'ResourceNotFoundException',
  'NoSuchEntityException',
  'NoSuchEntity',
  'QueueDoesNotExist',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchTagSet',
];

/** The same as the AWS CLI prints them, which has the codes of the wire where the SDK has names of its own. */
export const absentTexts = [...absentCodes, 'AWS.SimpleQueueService.NonExistentQueue', 'An error occurred (404)'];

/** Runs a read and turns AWS's "there is no such thing" into `undefined`; every other error passes through. */
export async function orAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ApiError && absentCodes.includes(error.code)) return undefined;
    throw error;
  }
}

// How AWS says that there is such a thing already, or that it is being made or changed, over all services.
const doneCodes =
  /^(ResourceInUse|ResourceConflict|ResourceAlreadyExists|EntityAlreadyExists|BucketAlreadyOwnedByYou|ConcurrentModification)(Exception)?$/;

/**
 * Runs a write of something that was seen not to be there. Where its answer was lost and AWS refused it the second time
 * because it was done already, it was this very call that did it: then `undefined`. Every other error passes through.
 */
export async function orDone<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ApiError && error.mayBeDone && doneCodes.test(error.code)) return undefined;
    throw error;
  }
}
