import type { ApiCall } from './api-call.ts';
import { isReadOnly } from './api-call.ts';
import type { ApiError } from './aws.ts';

/** What AWS refuses a call with until a role or a policy has got around. */
interface LateRefusal {
  readonly operations: readonly string[];
  readonly code: string;
  readonly text: string;
  /** Completes the sentence "waiting for …". */
  what(input: ApiCall['input']): string;
}

const mappingOperations = ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping'];
const firehoseOperations = ['firehose:CreateDeliveryStream', 'firehose:UpdateDestination'];

/**
 * What AWS answers for seconds after a role or a policy was written, because IAM reaches the other services late
 * (IAM User Guide, "Changes that I make are not always immediately visible"). The same texts also stand for a role that really is wrong; only time tells the two apart.
 */
const afterIamWrite: readonly LateRefusal[] = [
  {
    operations: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
    code: 'InvalidParameterValueException',
    text: 'The role defined for the function cannot be assumed by Lambda',
    what: ({ Role }) => `the role ${nameIn(Role)} to be assumable by Lambda`,
  },
  {
    operations: mappingOperations,
    code: 'InvalidParameterValueException',
    text: 'Cannot access stream ',
    what: ({ FunctionName, EventSourceArn }) =>
      `the role of ${nameIn(FunctionName)} to be allowed to read the stream ${nameIn(EventSourceArn)}`,
  },
  {
    operations: mappingOperations,
    code: 'InvalidParameterValueException',
    text: 'does not have permissions to call SendMessage on SQS',
    what: ({ FunctionName }) => `the role of ${nameIn(FunctionName)} to be allowed to send to the queue`,
  },
  {
    operations: firehoseOperations,
    code: 'InvalidArgumentException',
    text: 'Firehose is unable to assume role ',
    what: ({ DeliveryStreamName }) => `the role of ${nameIn(DeliveryStreamName)} to be assumable by Firehose`,
  },
  {
    operations: firehoseOperations,
    code: 'InvalidArgumentException',
    text: 'is not authorized to perform: kinesis:DescribeStream',
    what: ({ DeliveryStreamName }) => `the role of ${nameIn(DeliveryStreamName)} to be allowed to look at the stream`,
  },
];

/** The name that stands at the end of an ARN, or a name. */
function nameIn(text: unknown): string {
  return typeof text === 'string' ? text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1) : 'the function';
}

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

  /** What an error says is not there yet, completing the sentence "waiting for …"; `undefined` where waiting is of no use. */
  awaited({ code, message, call }: ApiError): string | undefined {
    const asked = `${call.service}:${call.operation}`;
    const late = afterIamWrite.find((each) => each.operations.includes(asked) && code === each.code && message.includes(each.text));
    if (late !== undefined) return late.what(call.input);
    // A refusal may pass only where it is a role of this session that was refused; to the caller itself it is final.
    const refused = /^AccessDenied(Exception)?$/.test(code) ? refusedRole(message) : undefined;
    return refused === undefined ? undefined : this.awaitedFor(refused);
  }

  /** What is waited for where a role is not allowed something; `undefined` when this session did not write it. */
  awaitedFor(role: string): string | undefined {
    return this.#roles.has(role) ? `the policies of the role ${role} to take effect` : undefined;
  }
}

/** The name of the role that a text of AWS refuses something to. */
export function refusedRole(text: string): string | undefined {
  return /assumed-role\/([^/]+)\/\S* is not authorized to perform/.exec(text)?.[1];
}
