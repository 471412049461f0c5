import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../../src/aws/api-call.ts';
import { schedule } from '../../../src/steps/events/schedule.ts';
import { role } from '../../../src/steps/iam/role.ts';
import { functionStep } from '../../../src/steps/lambda/function.ts';
import { logEvents } from '../../../src/steps/logs/log-events.ts';
import type { Step } from '../../../src/steps/step.ts';
import { account, assets, type Bench, failed, openBench } from '../../support/step-bench.ts';

const service = 'events.amazonaws.com';
const arnOf = (rule: string): string => `arn:aws:events:us-east-1:${account}:rule/${rule}`;

/** The step for a rule whose target is the function of the same name, which need not exist. */
function stepFor(name: string, expression = 'rate(1 minute)'): Step {
  return schedule.bind({ name, schedule: expression, function: `arn:aws:lambda:us-east-1:${account}:function:${name}` });
}

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await role.bind({ name: 'writer', 'managed-policies': [basicPolicy] }).apply(bench.visit().context);
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const basicPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

async function createFunction(name: string): Promise<void> {
  const handler = 'kinesisEventLogger.handler';
  const code = `${assets}kinesis-event-logger`;
  await functionStep.bind({ name, role: `arn:aws:iam::${account}:role/writer`, handler, code }).apply(bench.visit().context);
}

/** A function and a rule of that name, after the step. */
async function scheduled(name: string): Promise<Step> {
  await createFunction(name);
  const step = stepFor(name);
  await step.apply(bench.visit().context);
  return step;
}

async function call(...calls: readonly ApiCall[]): Promise<void> {
  for (const each of calls) await bench.visit().context.aws.call(each);
}

async function unmet(step: Step): Promise<readonly (readonly string[])[]> {
  return failed(await step.check(bench.visit({ readOnly: true }).context)).map(({ fact, observed }) => [fact, observed]);
}

async function writesOf(step: Step): Promise<readonly string[]> {
  const { context, writes } = bench.visit();
  await step.apply(context);
  return writes.map(({ operation }) => operation);
}

describe('the check of a schedule', () => {
  it('says of a rule that is missing only that, and how to create it', async () => {
    const [finding, ...more] = await stepFor('nowhere').check(bench.visit({ readOnly: true }).context);
    expect(finding).toMatchObject({ fact: 'rule nowhere', observed: 'there is none', ok: false });
    expect(finding?.hint).toBe("Create it: aws events put-rule --name nowhere --schedule-expression 'rate(1 minute)'");
    expect(more).toEqual([]);
  });

  it('tells everything that is wrong with a rule', async () => {
    await createFunction('wrong');
    await call(apiCall('events', 'PutRule', { Name: 'wrong', ScheduleExpression: 'rate(5 minutes)', State: 'DISABLED' }));
    expect(await unmet(stepFor('wrong'))).toEqual([
      ['schedule of wrong', 'rate(5 minutes)'],
      ['state of wrong', 'DISABLED'],
      ['targets of wrong', 'it has none'],
      ['policy of wrong', 'no such statement'],
    ]);
  });

  it('says what comes of a missing permission, which nothing else tells', async () => {
    const step = await scheduled('unlet');
    await call(apiCall('lambda', 'RemovePermission', { FunctionName: 'unlet', StatementId: 'events-unlet' }));
    const [finding, ...more] = failed(await step.check(bench.visit().context));
    expect(finding?.hint).toContain('the rule fires, nothing is invoked, and nobody is told');
    expect(finding?.hint).toMatch(/aws lambda add-permission.*--source-arn arn:aws:events:us-east-1:\d{12}:rule\/unlet/s);
    expect(more).toEqual([]);
  });

  it.each([
    ['of the learner, under an id of their own', { StatementId: 'mine', SourceArn: arnOf('*') }],
    ['for the whole account', { StatementId: 'all', SourceAccount: account }],
  ])('is content with a permission %s, and the step adds none', async (_, more) => {
    const name = `own-${more.StatementId}`;
    const step = await scheduled(name);
    const permission = { FunctionName: name, Action: 'lambda:InvokeFunction', Principal: service };
    await call(
      apiCall('lambda', 'RemovePermission', { FunctionName: name, StatementId: `events-${name}` }),
      apiCall('lambda', 'AddPermission', { ...permission, ...more }),
    );
    expect(await unmet(step)).toEqual([]);
    expect(await writesOf(step)).toEqual([]);
  });
});

describe('doing a schedule', () => {
  it('makes the function run every minute', async () => {
    const step = await scheduled('working');
    const { aws } = bench.visit().context;
    await bench.sandbox.clock.sleep(60_000);
    await bench.sandbox.clock.sleep(60_000);
    await bench.sandbox.clock.sleep(10_000);
    const starts = ((await logEvents(aws, '/aws/lambda/working')) ?? []).filter(({ message }) => message?.startsWith('START'));
    expect(starts.length).toBeGreaterThanOrEqual(2);
    const [first, second] = starts.map(({ timestamp = 0 }) => timestamp);
    expect(((second ?? 0) - (first ?? 0)) / 1_000).toBeGreaterThan(45);
    expect(await unmet(step)).toEqual([]);
  });

  it('puts right what differs, and only that', async () => {
    const step = await scheduled('drifted');
    await call(apiCall('events', 'DisableRule', { Name: 'drifted' }));
    expect(await writesOf(step)).toEqual(['EnableRule']);
    await call(apiCall('events', 'PutRule', { Name: 'drifted', ScheduleExpression: 'rate(1 day)' }));
    expect(await writesOf(step)).toEqual(['PutRule']);
    await call(apiCall('events', 'RemoveTargets', { Rule: 'drifted', Ids: ['drifted'] }));
    expect(await writesOf(step)).toEqual(['PutTargets']);
    expect(await unmet(step)).toEqual([]);
  });

  it('replaces a permission of its own that is for something else', async () => {
    await createFunction('misled');
    const other = { Action: 'lambda:InvokeFunction', Principal: service, SourceArn: arnOf('another') };
    await call(apiCall('lambda', 'AddPermission', { FunctionName: 'misled', StatementId: 'events-misled', ...other }));
    expect(await writesOf(stepFor('misled'))).toEqual(['PutRule', 'RemovePermission', 'AddPermission', 'PutTargets']);
    expect(await unmet(stepFor('misled'))).toEqual([]);
  });

  it('says what to do about a function that does not exist', async () => {
    const applying = stepFor('missing').apply(bench.visit().context);
    await expect(applying).rejects.toMatchObject({
      message: expect.stringContaining('Function not found'),
      hint: 'Create the function missing first.',
      exitCode: 1,
    });
  });

  it('says what to do about a schedule that only EventBridge knows to be wrong', async () => {
    const applying = stepFor('late', 'cron(0 25 * * ? *)').apply(bench.visit().context);
    await expect(applying).rejects.toMatchObject({
      message: expect.stringContaining('Parameter ScheduleExpression is not valid.'),
      hint: expect.stringContaining('cron(0 25 * * ? *)'),
    });
  });
});

describe('removing a schedule', () => {
  const remove = async (step: Step): Promise<void> => {
    for (const { type, id } of step.owns().toReversed()) {
      const resource = schedule.resources.find((each) => each.type === type);
      await resource?.remove(id, bench.visit().context);
      expect(await resource?.exists(id, bench.visit().context)).toBe(false);
    }
  };

  it('takes out targets of others as well, and leaves the other permissions of the function', async () => {
    const step = await scheduled('busy');
    await createFunction('guest');
    const guest = { Id: 'guest', Arn: `arn:aws:lambda:us-east-1:${account}:function:guest` };
    const permission = { Action: 'lambda:InvokeFunction', Principal: service, SourceArn: arnOf('another') };
    await call(
      apiCall('events', 'PutTargets', { Rule: 'busy', Targets: [guest] }),
      apiCall('lambda', 'AddPermission', { FunctionName: 'busy', StatementId: 'other', ...permission }),
    );
    await remove(step);
    const { Policy } = await bench.visit().context.aws.call(apiCall('lambda', 'GetPolicy', { FunctionName: 'busy' }));
    expect(JSON.parse(Policy ?? '').Statement).toMatchObject([{ Sid: 'other' }]);
  });

  it('works when the function has gone', async () => {
    const step = await scheduled('orphan');
    await call(apiCall('lambda', 'DeleteFunction', { FunctionName: 'orphan' }));
    await remove(step);
  });
});

describe('each way in which a schedule can be wrong', () => {
  it('is noticed by its check', async () => {
    const mutations = stepFor('mutant').mutations();
    expect(mutations.length).toBe(4);
    for (const [index, { name }] of mutations.entries()) {
      const step = await scheduled(`mutant-${index}`);
      const mutation = step.mutations()[index];
      await mutation?.apply(bench.visit().context);
      expect(await unmet(step), name).toHaveLength(1);
    }
  });
});
