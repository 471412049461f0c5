import type { StepKind } from './step.ts';

/** Every step kind by its name in `uses:`, which is its path below this folder. A kind is loaded when a lab uses it. */
const kinds: Readonly<Record<string, () => Promise<StepKind>>> = {
  'aws/call': async () => (await import('./aws/call.ts')).call,
  'events/schedule': async () => (await import('./events/schedule.ts')).schedule,
  'firehose/delivery-stream': async () => (await import('./firehose/delivery-stream.ts')).deliveryStream,
  'iam/role': async () => (await import('./iam/role.ts')).role,
  'kinesis/put-record': async () => (await import('./kinesis/put-record.ts')).putRecordStep,
  'kinesis/put-records': async () => (await import('./kinesis/put-records.ts')).putRecordsStep,
  'kinesis/read': async () => (await import('./kinesis/read.ts')).read,
  'kinesis/reshard': async () => (await import('./kinesis/reshard.ts')).reshard,
  'kinesis/stream': async () => (await import('./kinesis/stream.ts')).stream,
  'lambda/event-source-mapping': async () => (await import('./lambda/event-source-mapping.ts')).eventSourceMapping,
  'lambda/function': async () => (await import('./lambda/function.ts')).functionStep,
  'lambda/invoke': async () => (await import('./lambda/invoke.ts')).invoke,
  'logs/contains': async () => (await import('./logs/contains.ts')).contains,
  quiz: async () => (await import('./quiz.ts')).quiz,
  's3/bucket': async () => (await import('./s3/bucket.ts')).bucket,
  's3/object': async () => (await import('./s3/object.ts')).object,
  shell: async () => (await import('./shell.ts')).shell,
  'sqs/queue': async () => (await import('./sqs/queue.ts')).queue,
  'sqs/receive': async () => (await import('./sqs/receive.ts')).receive,
};

export interface StepKinds {
  /** Every value that `uses:` can have. */
  readonly names: readonly string[];
  /** The step kind of that name, or `undefined` when there is none. */
  load(name: string): Promise<StepKind | undefined>;
}

export const stepKinds: StepKinds = {
  names: Object.keys(kinds),
  async load(name: string): Promise<StepKind | undefined> {
    return Object.hasOwn(kinds, name) ? kinds[name]?.() : undefined;
  },
};

/** The step kinds, with a role that is there already in the place of each that would be created. @param arn that of a role */
export function stepKindsWithRole(arn: string): StepKinds {
  return {
    names: stepKinds.names,
    load: async (name) => (name === 'iam/role' ? (await import('./iam/given-role.ts')).givenRole(arn) : stepKinds.load(name)),
  };
}
