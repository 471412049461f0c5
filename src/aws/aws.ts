import type { ApiCall } from './api-call.ts';
import type { Target } from './target.ts';

/** AWS as steps see it: calls go in as data, answers come out typed. */
export interface Aws {
  readonly target: Target;
  /**
   * Makes one call. Throttling and lost connections are retried with bounded back-off, and so is what AWS answers for
   * seconds after a role or a policy was written (IAM User Guide, "Changes that I make are not always immediately visible": by name, up to `target.propagationMs`).
   * @throws {ApiError} what AWS answered, with the call that it was the answer to.
   * @throws {WriteRefused} when the session is read-only and the call is not.
   */
  call<Output>(call: ApiCall<Output>): Promise<Output>;
}

/** An error that AWS answered. `message` is AWS's own text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `ResourceNotFoundException`; the SDK's name of it, which ends in `Exception` where the wire has none (IAM). */
  readonly code: string;
  /** HTTP status, or 0 when no answer came. */
  readonly status: number;
  readonly requestId: string | undefined;
  readonly call: ApiCall;

  constructor(
    call: ApiCall,
    answer: {
      readonly code: string;
      readonly message: string;
      readonly status: number;
      readonly requestId?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(answer.message, { cause: answer.cause });
    this.call = call;
    this.code = answer.code;
    this.status = answer.status;
    this.requestId = answer.requestId;
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
