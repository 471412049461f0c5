import { type CreateScheduleCommandInput, Scheduler } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { trustText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;
let scheduler: Scheduler;

const RoleArn = 'arn:aws:iam::000000000000:role/runs-schedules';
const Target = { Arn: 'arn:aws:sqs:us-east-1:000000000000:orders', RoleArn };
const given: Omit<CreateScheduleCommandInput, 'Name'> = {
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  State: 'DISABLED',
  Target,
};
const create = (Name: string, over: Partial<CreateScheduleCommandInput> = {}) => scheduler.createSchedule({ ...given, Name, ...over });

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
  scheduler = new Scheduler({ ...aws.sandbox, maxAttempts: 1 });
  await aws.iam.createRole({ RoleName: 'runs-schedules', AssumeRolePolicyDocument: trustText({ Service: 'scheduler.amazonaws.com' }) });
  await aws.iam.createRole({ RoleName: 'runs-functions', AssumeRolePolicyDocument: trustText({ Service: 'lambda.amazonaws.com' }) });
});
afterAll(async () => {
  scheduler.destroy();
  await aws.stop();
});

describe('a schedule', () => {
  it('is described as it was made, with what it has by default', async () => {
    const { ScheduleArn } = await create('described', { Description: 'Every hour.' });
    expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/described');
    const { $metadata, CreationDate, LastModificationDate, ...shown } = await scheduler.getSchedule({ Name: 'described' });
    expect(shown).toEqual({
      Arn: ScheduleArn,
      Name: 'described',
      GroupName: 'default',
      Description: 'Every hour.',
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'DISABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'NONE',
      Target: { ...Target, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
    });
    expect(LastModificationDate).toEqual(CreationDate);
  });

  it('is made anew by an update, which forgets what it leaves out', async () => {
    await create('updated', { Description: 'old' });
    await clock.advance(1_000);
    await scheduler.updateSchedule({ ...given, Name: 'updated', ScheduleExpression: 'rate(2 days)' });
    const { Description, ScheduleExpression, CreationDate, LastModificationDate } = await scheduler.getSchedule({ Name: 'updated' });
    expect([Description, ScheduleExpression]).toEqual([undefined, 'rate(2 days)']);
    expect(Number(LastModificationDate) - Number(CreationDate)).toBe(1_000);
  });

  it('belongs to a group, and goes with it', async () => {
    await scheduler.createScheduleGroup({ Name: 'nightly' });
    for (const Name of ['one', 'two', 'three']) await create(Name, { GroupName: 'nightly' });
    const first = await scheduler.listSchedules({ GroupName: 'nightly', MaxResults: 2 });
    const second = await scheduler.listSchedules({ GroupName: 'nightly', NextToken: first.NextToken });
    const listed = [...(first.Schedules ?? []), ...(second.Schedules ?? [])];
    expect(listed.map(({ Name }) => Name)).toEqual(['one', 'three', 'two']);
    // Not the whole of it.
    expect(listed[0]?.Target).toEqual({ Arn: Target.Arn });
    expect((await scheduler.listSchedules({ NamePrefix: 't', State: 'DISABLED' })).Schedules).toHaveLength(2);
    await scheduler.deleteSchedule({ Name: 'one', GroupName: 'nightly' });
    await scheduler.deleteScheduleGroup({ Name: 'nightly' });
    expect((await scheduler.listSchedules({ NamePrefix: 't' })).Schedules).toEqual([]);
    expect(await refusal(scheduler.getScheduleGroup({ Name: 'nightly' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Schedule group nightly does not exist.',
      status: 404,
    });
  });

  it('is refused by name where it is there already, and where it is not', async () => {
    await create('twice');
    expect(await refusal(create('twice'))).toEqual({ name: 'ConflictException', message: 'Schedule twice already exists.', status: 409 });
    for (const Name of ['never']) {
      const missing = { name: 'ResourceNotFoundException', message: `Schedule ${Name} does not exist.`, status: 404 };
      expect(await refusal(scheduler.getSchedule({ Name }))).toEqual(missing);
      expect(await refusal(scheduler.deleteSchedule({ Name }))).toEqual(missing);
      expect(await refusal(scheduler.updateSchedule({ ...given, Name }))).toEqual(missing);
    }
  });

  it.each<[string, Partial<CreateScheduleCommandInput>, string]>([
    ['an expression that is none', { ScheduleExpression: 'rate(10 seconds)' }, 'Invalid Schedule Expression rate(10 seconds).'],
    ['a place that has no time', { ScheduleExpressionTimezone: 'Mars/Olympus' }, 'Timezone Mars/Olympus'],
    ['a start long ago', { StartDate: new Date(0) }, 'The StartDate you specify cannot be earlier than 5 minutes ago.'],
    ['a window without a width', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes'],
    ['a target that is none', { Target: { Arn: 'orders', RoleArn } }, 'Provided Arn is not in correct format.'],
    [
      'a stream without a partition key',
      { Target: { Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s', RoleArn } },
      'KinesisParameters',
    ],
    [
      'a role that is for something else',
      { Target: { ...Target, RoleArn: 'arn:aws:iam::000000000000:role/runs-functions' } },
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    ],
  ])('is refused with %s', async (_what, over, message) => {
    expect(await refusal(create('wrong', over))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
      status: 400,
    });
  });

  it('is refused by name for a target that the sandbox cannot call', async () => {
    const refused = { name: 'NotImplemented', status: 501 };
    expect(await refusal(create('x', { Target: { ...Target, Arn: 'arn:aws:sns:us-east-1:000000000000:t' } }))).toMatchObject(refused);
    expect(await refusal(create('x', { Target: { ...Target, Arn: 'arn:aws:scheduler:::aws-sdk:sqs:purgeQueue' } }))).toMatchObject(refused);
  });
});

describe('a schedule group', () => {
  it('is listed beside the default one, which stays', async () => {
    await scheduler.createScheduleGroup({ Name: 'a-group' });
    const { ScheduleGroups } = await scheduler.listScheduleGroups({ MaxResults: 2 });
    expect(ScheduleGroups).toMatchObject([
      { Name: 'a-group', State: 'ACTIVE', Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/a-group' },
      { Name: 'default' },
    ]);
    expect(await refusal(scheduler.deleteScheduleGroup({ Name: 'default' }))).toMatchObject({ name: 'ValidationException' });
  });

  it('can have tags, and a schedule none', async () => {
    const Tags = [{ Key: 'lab', Value: '05' }];
    const { ScheduleGroupArn: ResourceArn = '' } = await scheduler.createScheduleGroup({ Name: 'tagged', Tags });
    await scheduler.tagResource({ ResourceArn, Tags: [{ Key: 'run', Value: 'x' }] });
    await scheduler.untagResource({ ResourceArn, TagKeys: ['run'] });
    expect((await scheduler.listTagsForResource({ ResourceArn })).Tags).toEqual(Tags);
    const schedule = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/twice';
    expect(await refusal(scheduler.listTagsForResource({ ResourceArn: schedule }))).toMatchObject({ name: 'ValidationException' });
  });
});
