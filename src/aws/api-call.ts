import type { InputOf, OperationName, OutputOf, ServiceName } from '../util/sdk.ts';
import type { ZippedFolder } from './zipped-folder.ts';

/**
 * One call of an AWS API, as data: what `explain` promises, what the recorder writes down, what is printed as an AWS CLI
 * line. `Output` exists for the type checker only; it says what the call answers with.
 */
export interface ApiCall<Output = unknown> {
  readonly service: ServiceName;
  /** As in the AWS documentation: `CreateStream`. */
  readonly operation: string;
  /** The members of the request, as the SDK takes them. A blob is a `Uint8Array`, or a `ZippedFolder` for code; a text may be an `AnswerOf`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Never set. */
  readonly output?: Output;
}

/**
 * Stands in a call where something goes that only another call's answer holds: GetRecords takes the iterator that
 * GetShardIterator gives. The other call is made just before sending.
 */
export class AnswerOf {
  readonly call: ApiCall;
  /** JMESPath into the answer; it has to find a text. */
  readonly query: string;

  constructor(call: ApiCall, query: string) {
    this.call = call;
    this.query = query;
  }
}

/** What the SDK takes, with a `ZippedFolder` allowed wherever it takes bytes. */
type WithFolders<Input> = Input extends Uint8Array
  ? Input | ZippedFolder
  : Input extends Date
    ? Input
    : Input extends object
      ? { [Member in keyof Input]: WithFolders<Input[Member]> }
      : Input;

/** The same, and an `AnswerOf` in place of any member that is text. */
type WithStandIns<Input> = {
  [Member in keyof Input]: WithFolders<Input[Member]> | (Exclude<Input[Member], undefined> extends string ? AnswerOf : never);
};

/** Makes an `ApiCall` whose service, operation and input are checked against the SDK's types. */
export function apiCall<Service extends ServiceName, Operation extends OperationName<Service>>(
  service: Service,
  operation: Operation,
  input: WithStandIns<InputOf<Service, Operation>>,
): ApiCall<OutputOf<Service, Operation>> {
  return { service, operation, input: input as Readonly<Record<string, unknown>> };
}

// Read-only operations whose names do not say so, and one whose name says so wrongly.
const readOnlyByName = new Set(['iam:SimulatePrincipalPolicy', 'iam:SimulateCustomPolicy', 'sts:AssumeRole', 'logs:TestMetricFilter']);

/**
 * Whether a call leaves everything as it was. The write guard refuses all others in check mode, the recorder compares
 * all others with what `explain` promised, and `aws/call` accepts no others.
 *
 * Receiving messages of a queue hides them from everybody else, and is a write; with a visibility timeout of 0 they stay
 * where they are, and it is a read. (SQS counts even that: `ApproximateReceiveCount` rises, and a queue with a redrive
 * policy moves a message that was received too often. No step gives a queue such a policy and looks into it.)
 */
export function isReadOnly(call: Pick<ApiCall, 'service' | 'operation' | 'input'>): boolean {
  if (call.service === 'sqs' && call.operation === 'ReceiveMessage') return call.input['VisibilityTimeout'] === 0;
  return /^(Get|List|Describe|Filter|BatchGet|Head)/.test(call.operation) || readOnlyByName.has(`${call.service}:${call.operation}`);
}

// What these do they do once more each time, and nothing tells the one from the other.
const addsEachTime = new Set([
  'kinesis:PutRecord',
  'kinesis:PutRecords',
  'firehose:PutRecord',
  'firehose:PutRecordBatch',
  'sqs:SendMessage',
  'sqs:SendMessageBatch',
  'logs:PutLogEvents',
  'lambda:Invoke',
]);

/**
 * Whether a call whose answer was lost can be made again without doing a thing twice: reads can, and writes that AWS
 * refuses, or that change nothing, when they have taken effect already.
 */
export function isRepeatable({ service, operation }: Pick<ApiCall, 'service' | 'operation'>): boolean {
  return !addsEachTime.has(`${service}:${operation}`);
}
