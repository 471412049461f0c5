import { describe, expect, it } from 'vitest';
import type { MutationResult } from '../../src/runner/proof/proof.ts';
import { labOf, step } from '../support/lab-kinds.ts';
import { failures, planOfText, proveLab } from '../support/proof-bench.ts';
import { assets } from '../support/step-bench.ts';

// What can be wrong with what step kinds make, and that their own checks see it. Labs use few of the inputs that there are.

const policy = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["kinesis:*", "logs:*"], Resource: "*" }] }';

const pipeline = labOf(
  '# Everything\n\n',
  step('id: role', 'uses: iam/role', 'with:', '  name: reader', '  policy:', '    name: read', `    document: ${policy}`),
  step('id: stream', 'uses: kinesis/stream', 'with: { name: orders, shards: 2, retention-hours: 48 }'),
  step('id: elastic', 'uses: kinesis/stream', 'with: { name: elastic, mode: on-demand }'),
  step(
    'id: logger',
    'uses: lambda/function',
    'with:',
    '  name: logger',
    '  role: ${{ steps.role.arn }}',
    '  handler: kinesisEventLogger.handler',
    '  code: kinesis-event-logger',
    '  timeout: 10',
    '  memory: 256',
    '  environment: { STAGE: lab }',
  ),
  step(
    'id: mapping',
    'uses: lambda/event-source-mapping',
    'with:',
    '  function: logger',
    '  stream: ${{ steps.stream.arn }}',
    '  batch-size: 50',
    '  batching-window: 1',
    '  parallelization-factor: 2',
    '  maximum-retry-attempts: 2',
    '  maximum-record-age: 600',
    '  bisect-on-error: true',
    '  report-batch-item-failures: false',
    '  starting-position: TRIM_HORIZON',
  ),
  step('id: records', 'uses: kinesis/put-records', 'with:', '  stream: orders', '  records:', '    - { partition-key: a, data: Hello }'),
  step('id: log', 'uses: logs/contains', 'with: { group: /aws/lambda/logger, text: Hello }'),
);

function bySteps(mutations: readonly MutationResult[]): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, string[]> = {};
  for (const { step: id, name } of mutations) names[id] = [...(names[id] ?? []), name];
  return names;
}

describe('the mistakes that step kinds know of', () => {
  it('cover what their checks look at, and are all noticed', async () => {
    const { result, bugs } = await proveLab(await planOfText(pipeline, { assets }));
    expect(bugs).toEqual([]);
    expect(failures(result)).toEqual([]);
    expect(bySteps(result.mutations)).toEqual({
      role: [
        'reader trusts ec2.amazonaws.com instead of lambda.amazonaws.com',
        'the inline policy read of reader allows nothing',
        'the inline policy read of reader is deleted',
        'the role reader is deleted',
      ],
      stream: [
        'orders is in on-demand mode',
        'orders has 3 shards instead of 2',
        'the retention of orders is changed',
        'the stream orders is deleted',
      ],
      elastic: ['elastic is in provisioned mode', 'the stream elastic is deleted'],
      logger: [
        'the runtime of logger is changed',
        'the handler of logger is changed',
        'the timeout of logger is changed',
        'the memory of logger is changed',
        'the environment variable STAGE of logger is changed',
        'logger acts as another role',
        'the code of logger does nothing',
        'the log group /aws/lambda/logger is deleted',
        'the function logger is deleted',
      ],
      mapping: [
        'the mapping of logger is disabled',
        'the batch size of the mapping of logger is changed',
        'the batching window in seconds of the mapping of logger is changed',
        'the parallelization factor of the mapping of logger is changed',
        'the maximum retry attempts of the mapping of logger is changed',
        'the maximum record age in seconds of the mapping of logger is changed',
        'the splitting of failed batches of the mapping of logger is changed',
        'the function response types of the mapping of logger is changed',
        'the mapping of logger starts at LATEST instead of TRIM_HORIZON',
        'the event-source mapping logger arn:aws:kinesis:us-east-1:123456789012:stream/orders is deleted',
      ],
      records: ['the first of 1 record in orders holds other data'],
    });
    // That AWS brings a stream or a function to rest is not for a lab to get wrong.
    expect(result.steps.flatMap(({ neverRed }) => neverRed)).toEqual(['status of orders', 'status of elastic', 'state of logger']);
  }, 300_000);
});
