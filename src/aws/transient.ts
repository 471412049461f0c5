import type { ApiCall } from './api-call.ts';
import { isReadOnly } from './api-call.ts';
import type { ApiError } from './aws.ts';

/**
 * What AWS answers for seconds after a role or a policy was written, because IAM reaches the other services late
 * (IAM User Guide, "Changes that I make are not always immediately visible"). The same texts also stand for a role that really is wrong; only time tells the two apart.
 */
const afterIamWrite: readonly { readonly operations: readonly string[]; readonly code: string; readonly text: string }[] = [
  {
    operations: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
    code: 'InvalidParameterValueException',
    text: 'The role defined for the function cannot be assumed by Lambda',
  },
  {
    operations: ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
    code: 'InvalidParameterValueException',
    text: 'Cannot access stream ',
  },
  {
    operations: ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
    code: 'InvalidParameterValueException',
    text: 'does not have permissions to call SendMessage on SQS',
  },
  { operations: ['firehose:CreateDeliveryStream'], code: 'InvalidArgumentException', text: 'Firehose is unable to assume role ' },
  {
    operations: ['firehose:CreateDeliveryStream'],
    code: 'InvalidArgumentException',
    text: 'is not authorized to perform: kinesis:DescribeStream',
  },
];

/** All the texts with which AWS refuses calls for seconds after a role was written. */
export const everyTextBeforeAccepted: readonly string[] = afterIamWrite.map(({ text }) => text);

/** The texts with which AWS may refuse a call for seconds after a role was written; none, where it refuses for good. */
export function textsBeforeAccepted({ service, operation }: Pick<ApiCall, 'service' | 'operation'>): readonly string[] {
  return afterIamWrite.filter(({ operations }) => operations.includes(`${service}:${operation}`)).map(({ text }) => text);
}

/** Remembers when this session last wrote to IAM, and tells whether an error can still be a consequence of that. */
export class Propagation {
  readonly #propagationMs: number;
  readonly #roles = new Set<string>();
  #lastWrite: number | undefined;

  constructor(propagationMs: number) {
    this.#propagationMs = propagationMs;
  }

  /** To be told of every call that was answered without an error; `now` in epoch milliseconds. */
  answered(call: ApiCall, now: number): void {
    if (call.service !== 'iam' || isReadOnly(call)) return;
    this.#lastWrite = now;
    const role = call.input['RoleName'];
    if (typeof role === 'string') this.#roles.add(role);
  }

  /**
   * For how many milliseconds from `now` a call may be repeated: until `propagationMs` have passed since the last IAM
   * write of this session, or from now on when it made none (then the learner did, at a time that is not known).
   */
  remainingMs(now: number): number {
    return this.#lastWrite === undefined ? this.#propagationMs : Math.max(0, this.#lastWrite + this.#propagationMs - now);
  }

  mayPass(error: ApiError): boolean {
    if (afterIamWrite.some(({ code, text }) => error.code === code && error.message.includes(text))) return true;
    // A refusal may pass only where it is a role of this session that was refused; to the caller itself it is final.
    const refused = /assumed-role\/([^/]+)\/\S* is not authorized to perform/.exec(error.message)?.[1];
    return /^AccessDenied(Exception)?$/.test(error.code) && refused !== undefined && this.#roles.has(refused);
  }
}
