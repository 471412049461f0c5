import {
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { eventsSandbox } from '../../support/events.ts';
import { failureOf } from '../../support/failure.ts';

const events = eventsSandbox();
const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:producer';

function put(Rule: string, ...Targets: Target[]) {
  return events.client.send(new PutTargetsCommand({ Rule, Targets }));
}

async function targetsOf(Rule: string): Promise<Target[] | undefined> {
  return (await events.client.send(new ListTargetsByRuleCommand({ Rule }))).Targets;
}

describe('PutTargets', () => {
  it('adds targets, and replaces those that have the same id', async () => {
    const rule = await events.rule();
    const { FailedEntryCount, FailedEntries } = await put(rule, { Id: 'b', Arn, Input: '{"a":1}' }, { Id: 'a', Arn, InputPath: '$.time' });
    expect({ FailedEntryCount, FailedEntries }).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    await put(rule, { Id: 'b', Arn: `${Arn}-2` });
    expect(await targetsOf(rule)).toEqual([
      { Id: 'a', Arn, InputPath: '$.time' },
      { Id: 'b', Arn: `${Arn}-2` },
    ]);
  });

  it('does not ask whether the function exists', async () => {
    await put(await events.rule(), { Id: '1', Arn: `${Arn}-that-nobody-made` });
  });

  it('refuses a sixth target, and then adds none', async () => {
    const rule = await events.rule();
    const targets = ['1', '2', '3', '4', '5', '6'].map((Id) => ({ Id, Arn }));
    expect(await failureOf(put(rule, ...targets))).toEqual({
      name: 'LimitExceededException',
      message: 'The requested resource exceeds the maximum number allowed.',
    });
    expect(await targetsOf(rule)).toEqual([]);
    await put(rule, ...targets.slice(0, 5));
    await put(rule, { Id: '5', Arn, Input: '1' });
    expect(await targetsOf(rule)).toHaveLength(5);
  });

  it('refuses ids that targets cannot have', async () => {
    const rule = await events.rule();
    expect((await failureOf(put(rule, { Id: '!@#$@!#$', Arn }))).message).toBe(
      String.raw`1 validation error detected: Value '!@#$@!#$' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    );
    const long = 'a'.repeat(65);
    expect((await failureOf(put(rule, { Id: long, Arn }))).message).toBe(
      `1 validation error detected: Value '${long}' at 'targets.1.member.id' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
  });

  it('refuses what is not an ARN', async () => {
    expect(await failureOf(put(await events.rule(), { Id: '1', Arn: 'producer' }))).toEqual({
      name: 'ValidationException',
      message: 'Parameter producer is not valid. Reason: Provided Arn is not in correct format.',
    });
  });

  it('refuses input that is no JSON, and two inputs at once', async () => {
    const rule = await events.rule();
    const { name, message } = await failureOf(put(rule, { Id: 'x', Arn, Input: 'env:dev' }));
    expect(name).toBe('ValidationException');
    expect(message).toMatch(/^JSON syntax error in input for target x: \[Source: \(String\)"env:dev"; line: 1, column: \d+\]$/);
    expect((await failureOf(put(rule, { Id: 'x', Arn, Input: '{}', InputPath: '$.detail' }))).message).toBe(
      'Only one of Input, InputPath, or InputTransformer must be provided for target x.',
    );
    expect((await failureOf(put(rule, { Id: 'x', Arn, InputPath: 'detail' }))).name).toBe('ValidationException');
  });

  it('refuses targets that the sandbox does not deliver to, by name', async () => {
    const rule = await events.rule();
    const refused: readonly [part: string, target: Partial<Target>][] = [
      ['(sqs)', { Arn: 'arn:aws:sqs:us-east-1:000000000000:orders' }],
      ['another account or region', { Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:producer' }],
      ['another account or region', { Arn: 'arn:aws:lambda:us-east-1:111111111111:function:producer' }],
      ['other than a Lambda function', { Arn: 'arn:aws:lambda:us-east-1:000000000000:layer:l:1' }],
      ['InputTransformer', { InputTransformer: { InputTemplate: '"x"' } }],
      ['DeadLetterConfig', { DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' } }],
      ['RoleArn', { RoleArn: 'arn:aws:iam::000000000000:role/r' }],
    ];
    for (const [part, target] of refused) {
      const { name, message } = await failureOf(put(rule, { Id: '1', Arn, ...target }));
      expect(name).toBe('NotImplemented');
      expect(message).toContain(part);
    }
    expect(await targetsOf(rule)).toEqual([]);
  });

  it('needs a rule', async () => {
    const notFound = { name: 'ResourceNotFoundException', message: 'Rule nowhere does not exist on EventBus default.' };
    expect(await failureOf(put('nowhere', { Id: '1', Arn }))).toEqual(notFound);
    expect(await failureOf(events.client.send(new RemoveTargetsCommand({ Rule: 'nowhere', Ids: ['1'] })))).toEqual(notFound);
    expect(await failureOf(targetsOf('nowhere'))).toEqual(notFound);
  });
});

describe('RemoveTargets', () => {
  it('removes targets by their ids', async () => {
    const rule = await events.rule();
    await put(rule, { Id: 'a', Arn }, { Id: 'b', Arn });
    const { FailedEntryCount } = await events.client.send(new RemoveTargetsCommand({ Rule: rule, Ids: ['a', 'never-there'] }));
    expect(FailedEntryCount).toBe(0);
    expect(await targetsOf(rule)).toEqual([{ Id: 'b', Arn }]);
  });
});

describe('the lists of targets', () => {
  it('come in pages', async () => {
    const Rule = await events.rule();
    await put(Rule, ...['1', '2', '3'].map((Id) => ({ Id, Arn })));
    const first = await events.client.send(new ListTargetsByRuleCommand({ Rule, Limit: 2 }));
    expect(first.Targets?.map(({ Id }) => Id)).toEqual(['1', '2']);
    const rest = await events.client.send(new ListTargetsByRuleCommand({ Rule, NextToken: first.NextToken }));
    expect(rest.Targets?.map(({ Id }) => Id)).toEqual(['3']);
    expect(rest.NextToken).toBeUndefined();
  });

  it('tell the rules of a target', async () => {
    const TargetArn = `${Arn}-shared`;
    const rules = [await events.rule(), await events.rule()];
    for (const rule of rules) await put(rule, { Id: '1', Arn: TargetArn });
    const found = await events.client.send(new ListRuleNamesByTargetCommand({ TargetArn }));
    expect(found.RuleNames).toEqual([...rules].sort());
    const none = await events.client.send(new ListRuleNamesByTargetCommand({ TargetArn: `${Arn}-of-nobody` }));
    expect(none.RuleNames).toEqual([]);
  });
});
