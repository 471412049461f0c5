import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, DeleteFunctionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { eventsSandbox } from '../../support/events.ts';

const events = eventsSandbox({ virtualTime: true });
const { lambda } = events;
const minute = 60_000;

/** A function that says what it was given. */
const code = "exports.handler = async (event) => console.log('GOT ' + JSON.stringify(event));";

/** What a function was given, in the order of time. Nothing has to have been logged yet. */
async function received(name: string): Promise<Record<string, unknown>[]> {
  const messages = await lambda.logged(name).catch(() => []);
  return messages.flatMap((message) => {
    const text = /GOT (.*)/.exec(message)?.[1];
    return text === undefined ? [] : [JSON.parse(text)];
  });
}

/**
 * Lets time pass in steps, so that what is due in each of them has been done and logged. Where work is under way at the end of the
 * last one, these are seconds of the machine's, in which functions start that need one when everything is busy.
 */
async function pass(minutes: number): Promise<void> {
  for (let count = 0; count < minutes; count += 1) await lambda.sandbox.clock.sleep(minute);
  await lambda.sandbox.clock.sleep(10_000);
}

async function scheduled(settings: Parameters<typeof events.rule>[0] = {}, target = {}): Promise<{ rule: string; name: string }> {
  const name = await lambda.deploy(code);
  const rule = await events.rule(settings);
  await events.target(rule, name, target);
  return { rule, name };
}

describe('a schedule', () => {
  it('invokes its target with the event of the rule, first after one period and then exactly a period apart', async () => {
    const { rule, name } = await scheduled();
    await events.permit(rule, name);
    const began = Date.now();
    const created = lambda.sandbox.clock.now();
    await pass(3);
    const got = await received(name);
    expect(got).toHaveLength(3);
    expect(got[0]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f]{8}-/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: [events.ruleArn(rule)],
      detail: {},
    });
    const times = got.map(({ time }) => Date.parse(String(time)));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, minute, 2 * minute]);
    expect(Math.abs((times[0] ?? 0) - created - minute)).toBeLessThan(10_000);
    expect(new Set(got.map(({ id }) => id)).size).toBe(3);
    expect(Date.now() - began).toBeLessThan(15_000);
  });

  it('by cron fires at the full minutes that it names', async () => {
    const { rule, name } = await scheduled({ ScheduleExpression: 'cron(0/2 * * * ? *)' });
    await events.permit(rule, name);
    // From the middle of a minute on, so that four minutes have four full ones whatever the time of day.
    await lambda.sandbox.clock.sleep(minute * 1.5 - (lambda.sandbox.clock.now() % minute));
    const before = (await received(name)).length;
    await pass(4);
    const times = (await received(name)).map(({ time }) => String(time)).slice(before);
    expect(times).toHaveLength(2);
    for (const time of times) expect(time).toMatch(/:\d[02468]:00Z$/);
  });

  it('gives a target its own input, or the part of the event that it asks for', async () => {
    const first = await scheduled({}, { Input: '{"sensor":"a","list":[1]}' });
    const second = await scheduled({}, { InputPath: '$.resources[0]' });
    for (const { rule, name } of [first, second]) await events.permit(rule, name);
    await pass(1);
    expect(await received(first.name)).toEqual([{ sensor: 'a', list: [1] }]);
    expect(await received(second.name)).toEqual([events.ruleArn(second.rule)]);
  });

  it('invokes nothing while the function does not let it, and says nothing', async () => {
    const { rule, name } = await scheduled();
    await pass(2);
    expect(await received(name)).toEqual([]);
    await events.permit(rule, name);
    await pass(1);
    expect(await received(name)).toHaveLength(1);
    await lambda.client.send(new RemovePermissionCommand({ FunctionName: name, StatementId: rule }));
    await pass(2);
    expect(await received(name)).toHaveLength(1);
  });

  it('is not let in by a permission for another rule, another service or another action, and is by one for everybody', async () => {
    const { rule, name } = await scheduled();
    const other = { FunctionName: name, Principal: 'events.amazonaws.com', SourceArn: events.ruleArn(`${rule}-other`) };
    const permissions = [
      { ...other, StatementId: 'rule', Action: 'lambda:InvokeFunction' },
      { ...other, StatementId: 'service', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceArn: events.ruleArn(rule) },
      { ...other, StatementId: 'action', Action: 'lambda:GetFunction', SourceArn: events.ruleArn(rule) },
      { FunctionName: name, StatementId: 'account', Action: 'lambda:*', Principal: '*', SourceAccount: '111111111111' },
    ];
    for (const permission of permissions) await lambda.client.send(new AddPermissionCommand(permission));
    await pass(1);
    expect(await received(name)).toEqual([]);
    const everybody = { FunctionName: name, StatementId: 'all', Action: 'lambda:*', Principal: '*', SourceArn: events.ruleArn('rule-*') };
    await lambda.client.send(new AddPermissionCommand(everybody));
    await pass(1);
    expect(await received(name)).toHaveLength(1);
  });

  it('has a function that fails tried again twice, one and two minutes later', async () => {
    const name = await lambda.deploy(
      "exports.handler = async (event) => { console.log('GOT ' + JSON.stringify(event)); throw new Error('no'); };",
    );
    const rule = await events.rule();
    await events.target(rule, name);
    await events.permit(rule, name);
    await pass(1);
    await events.client.send(new RemoveTargetsCommand({ Rule: rule, Ids: ['1'] }));
    expect(await received(name)).toHaveLength(1);
    await pass(1);
    expect(await received(name)).toHaveLength(2);
    await pass(6);
    const ids = (await received(name)).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('rests while the rule is disabled, and begins anew when it is enabled', async () => {
    const { rule, name } = await scheduled({ State: 'DISABLED' });
    await events.permit(rule, name);
    await pass(2);
    expect(await received(name)).toEqual([]);
    await events.client.send(new EnableRuleCommand({ Name: rule }));
    await pass(1);
    expect(await received(name)).toHaveLength(1);
    await events.client.send(new DisableRuleCommand({ Name: rule }));
    await pass(3);
    expect(await received(name)).toHaveLength(1);
  });

  it('goes by its new expression once the rule is put again, and keeps its targets', async () => {
    const { rule, name } = await scheduled({ ScheduleExpression: 'rate(1 hour)' });
    await events.permit(rule, name);
    await events.client.send(new PutRuleCommand({ Name: rule, ScheduleExpression: 'rate(2 minutes)' }));
    await pass(2);
    expect(await received(name)).toHaveLength(1);
  });

  it('ends with its target, and with the rule', async () => {
    const { rule, name } = await scheduled();
    await events.permit(rule, name);
    await pass(1);
    await events.client.send(new RemoveTargetsCommand({ Rule: rule, Ids: ['1'] }));
    await pass(2);
    await events.client.send(new DeleteRuleCommand({ Name: rule }));
    // A rule of the same name is another rule, with a beat of its own.
    await events.client.send(new PutRuleCommand({ Name: rule, ScheduleExpression: 'rate(10 minutes)' }));
    await events.target(rule, name);
    await pass(5);
    expect(await received(name)).toHaveLength(1);
  });

  it('outlives its function', async () => {
    const { rule, name } = await scheduled();
    await events.permit(rule, name);
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await pass(2);
    await lambda.deploy(code, { FunctionName: name });
    await pass(1);
    // The permission went with the function.
    expect(await received(name)).toEqual([]);
    await events.permit(rule, name);
    await pass(1);
    expect(await received(name)).toHaveLength(1);
  });
});
