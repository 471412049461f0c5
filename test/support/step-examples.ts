import { stepKinds } from '../../src/steps/registry.ts';
import { kindOf } from './step-bench.ts';

interface StepUse {
  readonly uses: string;
  readonly with: unknown;
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

/** What the examples of a kind need to be there. */
const prerequisites: Readonly<Record<string, readonly StepUse[]>> = {
  'aws/call': [stream],
  'iam/role': [],
  'kinesis/put-record': [role, stream, logger, mapping],
  'kinesis/put-records': [stream],
  'kinesis/read': [stream, greeting],
  'kinesis/stream': [],
  'lambda/event-source-mapping': [role, stream, logger],
  'lambda/function': [role],
  'lambda/invoke': [role, logger],
  'logs/contains': [role, stream, logger, mapping, hello],
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
