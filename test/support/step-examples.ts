import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { urlOf } from '../../src/steps/sqs/queue-call.ts';
import { type Bench, kindOf, stepOf } from './step-bench.ts';

interface StepUse {
  readonly uses: string;
  readonly with: unknown;
}

/** What has to be done before an example: a step, or a call of something that no step does. */
export type Preparation = StepUse | { readonly call: ApiCall };

/** Does what an example needs. */
export async function prepare(bench: Bench, preparations: readonly Preparation[]): Promise<void> {
  for (const each of preparations) {
    const { context } = bench.visit();
    if ('call' in each) await context.aws.call(each.call);
    else await (await stepOf(each.uses, each.with)).apply(context);
  }
}

const role: StepUse = {
  uses: 'iam/role',
  with: { name: 'lambda-cli-role', 'managed-policies': ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole'] },
};
const stream: StepUse = { uses: 'kinesis/stream', with: { name: 'lambda-cli-stream', shards: 1 } };
const logger: StepUse = {
  uses: 'lambda/function',
  with: {
    name: 'kinesisEventLogger',
    role: 'arn:aws:iam::123456789012:role/lambda-cli-role',
    handler: 'kinesisEventLogger.handler',
    code: 'kinesis-event-logger',
  },
};
const mapping: StepUse = {
  uses: 'lambda/event-source-mapping',
  with: {
    function: 'kinesisEventLogger',
    stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
    'batch-size': 1,
    'starting-position': 'LATEST',
  },
};
const greeting: StepUse = {
  uses: 'kinesis/put-record',
  with: { stream: 'lambda-cli-stream', 'partition-key': '1', data: 'Hello, Lambda CLI World' },
};
const hello: StepUse = {
  uses: 'kinesis/put-record',
  with: {
    stream: 'lambda-cli-stream',
    'partition-key': '1',
    data: 'Hello, Lambda CLI World',
    'seen-in': { group: '/aws/lambda/kinesisEventLogger' },
  },
};

const queue: StepUse = { uses: 'sqs/queue', with: { name: 'failed-records' } };
const sendingRole: StepUse = {
  uses: 'iam/role',
  with: {
    name: 'lambda-cli-role',
    'managed-policies': ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole'],
    policy: {
      name: 'tell-of-failures',
      document: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:123456789012:failed-records' }],
      },
    },
  },
};
const failure = {
  requestContext: { condition: 'RetryAttemptsExhausted' },
  KinesisBatchInfo: { shardId: 'shardId-000000000000', startSequenceNumber: '1', endSequenceNumber: '1' },
};
const message: Preparation = {
  call: apiCall('sqs', 'SendMessage', { QueueUrl: urlOf('failed-records'), MessageBody: JSON.stringify(failure) }),
};

const bucket: StepUse = { uses: 's3/bucket', with: { name: 'telemetry-k3f9z2' } };
const objects: Preparation = {
  call: apiCall('s3', 'PutObject', { Bucket: 'telemetry-k3f9z2', Key: 'telemetry/2026/01/31/12/a', Body: '{"speed":12}\n{"speed":30}\n' }),
};

const firehoseRole: StepUse = {
  uses: 'iam/role',
  with: {
    name: 'firehose-role',
    service: 'firehose.amazonaws.com',
    policy: {
      name: 'deliver',
      document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['kinesis:*', 's3:*'], Resource: '*' }] },
    },
  },
};

/** What the examples of a kind need to be there. */
const prerequisites: Readonly<Record<string, readonly Preparation[]>> = {
  'aws/call': [stream],
  'events/schedule': [role, logger],
  'firehose/delivery-stream': [firehoseRole, stream, bucket],
  'iam/role': [],
  'kinesis/put-record': [role, stream, logger, mapping],
  'kinesis/put-records': [stream],
  'kinesis/read': [stream, greeting],
  'kinesis/reshard': [stream],
  'kinesis/stream': [],
  'lambda/event-source-mapping': [sendingRole, queue, stream, logger],
  'lambda/function': [role],
  'lambda/invoke': [role, logger],
  'logs/contains': [role, stream, logger, mapping, hello],
  's3/bucket': [],
  's3/object': [bucket, objects],
  'sqs/queue': [],
  'sqs/receive': [queue, message],
};

/** Every example of every step kind, with the steps that have to be done before it. */
export const stepExamples = (
  await Promise.all(
    stepKinds.names.map(async (uses) =>
      (
        await kindOf(uses)
      ).examples.map((example, index) => ({
        uses,
        number: index + 1,
        with: example,
        before: prerequisites[uses] ?? [],
      })),
    ),
  )
).flat();
