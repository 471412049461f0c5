import { Kinesis } from '@aws-sdk/client-kinesis';
import { Scheduler, type Target } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { policyText, trustText } from '../../support/policies.ts';
import { arnOf, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.UTC(2026, 10, 24, 9));
const RoleArn = 'arn:aws:iam::000000000000:role/runs-schedules';
let aws: SandboxUnderTest;
let scheduler: Scheduler;
let kinesis: Kinesis;
let made = 0;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
  scheduler = new Scheduler({ ...aws.sandbox, maxAttempts: 1 });
  kinesis = new Kinesis({ ...aws.sandbox, maxAttempts: 1 });
  const RoleName = 'runs-schedules';
  await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: trustText({ Service: 'scheduler.amazonaws.com' }) });
  const PolicyDocument = policyText({ Action: ['sqs:SendMessage', 'kinesis:PutRecord'] });
  await aws.iam.putRolePolicy({ RoleName, PolicyName: 'targets', PolicyDocument });
});
afterAll(async () => {
  scheduler.destroy();
  kinesis.destroy();
  await aws.stop();
});

interface Said {
  readonly expression?: string;
  readonly zone?: string;
  readonly minutes?: number;
  readonly afterwards?: 'NONE' | 'DELETE';
}

async function schedule(target: Omit<Target, 'RoleArn'>, { expression = 'rate(1 minute)', zone, minutes, afterwards }: Said = {}) {
  made += 1;
  const Name = `schedule-${made}`;
  await scheduler.createSchedule({
    Name,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: zone,
    FlexibleTimeWindow: minutes === undefined ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes },
    ActionAfterCompletion: afterwards,
    Target: { ...target, RoleArn },
  });
  return Name;
}

describe('a schedule', () => {
  it('sends to a queue at once and each period, what stands for facts of the run replaced', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const Input = '<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>';
    const Name = await schedule({ Arn: arnOf(QueueUrl), Input });
    await clock.advance(60_000);
    const arn = `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${Name}`;
    const sent = (await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 600 })).map(({ Body }) => Body);
    expect(sent).toEqual([`${arn} 2026-11-24T09:00:00Z 1`, `${arn} 2026-11-24T09:01:00Z 1`]);
    await scheduler.deleteSchedule({ Name });
    await clock.advance(60_000);
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
  });

  it('puts an event into a stream once, by the clock of its place, and is gone afterwards', async () => {
    const StreamName = 'scheduled';
    await kinesis.createStream({ StreamName, ShardCount: 1 });
    await clock.advance(60_000);
    const { StreamDescription } = await kinesis.describeStream({ StreamName });
    const target = { Arn: StreamDescription?.StreamARN, KinesisParameters: { PartitionKey: 'p' } };
    const said = { expression: 'at(2026-11-24T10:05:00)', zone: 'Europe/Berlin', afterwards: 'DELETE' } as const;
    const Name = await schedule(target, said);
    await clock.advance(600_000);
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records = [] } = await kinesis.getRecords({ ShardIterator });
    expect(Records.map(({ PartitionKey, Data }) => [PartitionKey, JSON.parse(Buffer.from(Data ?? []).toString())])).toMatchObject([
      ['p', { source: 'aws.scheduler', time: '2026-11-24T09:05:00Z', 'detail-type': 'Scheduled Event' }],
    ]);
    expect(await refusal(scheduler.getSchedule({ Name }))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('runs within its window', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const Name = await schedule({ Arn: arnOf(QueueUrl), Input: 'x' }, { expression: 'rate(1 day)', minutes: 5 });
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
    await clock.advance(300_000);
    expect(await receive(aws.sqs, QueueUrl)).toHaveLength(1);
    await scheduler.deleteSchedule({ Name });
  });

  it('tells the dead-letter queue at once of what its role may not do', async () => {
    const dead = await newQueue(aws.sqs);
    const Arn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/nowhere';
    const Name = await schedule({ Arn, Input: 'lost', DeadLetterConfig: { Arn: arnOf(dead) } });
    const [letter] = await receive(aws.sqs, dead, { MessageAttributeNames: ['All'], WaitTimeSeconds: 1 });
    expect(letter).toMatchObject({
      Body: 'lost',
      MessageAttributes: {
        ERROR_CODE: { StringValue: 'AccessDeniedException' },
        ERROR_MESSAGE: { StringValue: expect.stringContaining('is not authorized to perform: firehose:PutRecord on resource') },
        RETRY_ATTEMPTS: { StringValue: '0' },
        TARGET_ARN: { StringValue: Arn },
      },
    });
    expect(letter?.MessageAttributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
    await scheduler.deleteSchedule({ Name });
  });

  it('tries again what may pass, as often as its retry policy says', async () => {
    const dead = await newQueue(aws.sqs);
    const StreamName = 'full';
    await kinesis.createStream({ StreamName, ShardCount: 1 });
    await clock.advance(60_000);
    const { StreamDescription } = await kinesis.describeStream({ StreamName });
    const fill = () => kinesis.putRecord({ StreamName, PartitionKey: 'p', Data: new Uint8Array(1024 * 1024 - 1) });
    await fill();
    const target = {
      Arn: StreamDescription?.StreamARN,
      KinesisParameters: { PartitionKey: 'p' },
      DeadLetterConfig: { Arn: arnOf(dead) },
      Input: 'x'.repeat(1000),
    };
    const once = await schedule({ ...target, RetryPolicy: { MaximumRetryAttempts: 0 } });
    const [letter] = await receive(aws.sqs, dead, { MessageAttributeNames: ['All'], WaitTimeSeconds: 1 });
    expect(letter?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'ProvisionedThroughputExceededException' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    });
    await scheduler.deleteSchedule({ Name: once });
    await aws.sqs.deleteMessage({ QueueUrl: dead, ReceiptHandle: letter?.ReceiptHandle });
    const Name = await schedule({ ...target, RetryPolicy: { MaximumRetryAttempts: 1 } });
    // The wait is as long as the shard needs to take a record again.
    await clock.advance(1_000);
    expect(await receive(aws.sqs, dead)).toEqual([]);
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect((await kinesis.getRecords({ ShardIterator })).Records).toHaveLength(2);
    await scheduler.deleteSchedule({ Name });
  });
});
