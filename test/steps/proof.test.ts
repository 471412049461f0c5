import { expect, it } from 'vitest';
import { labWith, step } from '../support/lab-kinds.ts';
import { failures, planOfText, proveLab } from '../support/proof-bench.ts';
import { assets } from '../support/step-bench.ts';

const lab = labWith(
  { names: '\n  stream: DemoStream\n  role: demo-role\n  logger: kinesisEventLogger' },
  '# Cash\n\n',
  step('id: stream', 'uses: kinesis/stream', 'with: { name: "${{ names.stream }}", shards: 1, retention-hours: 48 }', 'points: 1'),
  step(
    'id: put',
    'uses: kinesis/put-records',
    'with:',
    '  stream: ${{ names.stream }}',
    '  records: [{ partition-key: "1", data: { amt: 200 } }, { partition-key: "1", data: { amt: 400 } }]',
    'points: 1',
  ),
  step(
    'id: read',
    'uses: kinesis/read',
    'with:',
    '  stream: ${{ names.stream }}',
    '  shard: ${{ steps.stream.shard-id }}',
    '  expect: { count: 2, data: [{ amt: 200 }, { amt: 400 }], in-order: true }',
    'points: 1',
  ),
  step(
    'id: question',
    'uses: quiz',
    'with: { question: "The first of ${{ steps.read.count }}?", options: ["200", "400"], answer: 1 }',
    'points: 1',
  ),
  step(
    'id: role',
    'uses: iam/role',
    'with:',
    '  name: ${{ names.role }}',
    '  managed-policies: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]',
    'points: 1',
  ),
  step(
    'id: logger',
    'uses: lambda/function',
    'with:',
    '  name: ${{ names.logger }}',
    '  role: ${{ steps.role.arn }}',
    '  handler: kinesisEventLogger.handler',
    '  code: kinesis-event-logger',
    'points: 1',
  ),
  step(
    'id: invoke',
    'uses: lambda/invoke',
    'with:',
    '  function: ${{ names.logger }}',
    '  payload: { Records: [{ kinesis: { data: SGVsbG8= } }] }',
    '  log: [Hello]',
    '  evidence: { text: Hello }',
    'points: 1',
  ),
  step(
    'id: command',
    'uses: shell',
    'with:',
    '  run: echo "$COUNT records at $AWS_ENDPOINT_URL"',
    '  environment: { COUNT: "${{ steps.read.count }}" }',
    '  matches: ^2 records at http://127',
    'points: 1',
  ),
);

it('is proved: a lab that reads records back, asks, invokes and runs a command', async () => {
  const { result, bugs } = await proveLab(await planOfText(lab, { assets }));
  expect(failures(result)).toEqual([]);
  expect(result.outcome).toBe('proved');
  expect(result.steps.map(({ step: id, outcome }) => `${id} ${outcome}`)).toEqual([
    'stream can-fail',
    'put can-fail',
    'read can-fail',
    'question exempt',
    'role can-fail',
    'logger can-fail',
    'invoke can-fail',
    'command exempt',
  ]);
  expect(bugs).toEqual([]);
}, 60_000);
