import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  PutEventsCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { eventsSandbox } from '../../support/events.ts';
import { failureOf } from '../../support/failure.ts';

const events = eventsSandbox();

function failure(input: Partial<PutRuleCommandInput>) {
  return failureOf(events.client.send(new PutRuleCommand({ Name: 'wrong', ...input })));
}

async function tagsOf(rule: string) {
  return (await events.client.send(new ListTagsForResourceCommand({ ResourceARN: events.ruleArn(rule) }))).Tags;
}

describe('PutRule refuses', () => {
  it.each([
    'rate(10 seconds)',
    'rate(10 years)',
    'rate(1 minutes)',
    'rate(1 hours)',
    'rate(1 days)',
    'rate(10 minute)',
    'rate(10 hour)',
    'rate(10 day)',
    'rate()',
    'rate(10)',
    'rate(10 minutess)',
    'rate(foo minutes)',
    'rate(0 minutes)',
    'rate(-10 minutes)',
    'rate(1.5 minutes)',
    'rate(10 MINUTES)',
    'rate( 10 minutes )',
    ' rate(10 minutes)',
    'cron(0 1 * * * *)',
    'cron(0 12 * * ?)',
    'every minute',
  ])('the schedule "%s"', async (ScheduleExpression) => {
    expect(await failure({ ScheduleExpression })).toEqual({
      name: 'ValidationException',
      message: 'Parameter ScheduleExpression is not valid.',
    });
  });

  it('a rule without a schedule or a pattern', async () => {
    expect(await failure({})).toEqual({
      name: 'ValidationException',
      message: 'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    });
  });

  it('a name that it cannot have', async () => {
    expect((await failure({ Name: 'a rule', ScheduleExpression: 'rate(1 minute)' })).message).toBe(
      String.raw`1 validation error detected: Value 'a rule' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`,
    );
  });

  it('a schedule on another bus, and a bus that is not there', async () => {
    expect(await failure({ ScheduleExpression: 'rate(1 minute)', EventBusName: 'orders' })).toEqual({
      name: 'ValidationException',
      message: 'ScheduleExpression is supported only on the default event bus.',
    });
    expect(await failureOf(events.client.send(new ListRulesCommand({ EventBusName: 'orders' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Event bus orders does not exist.',
    });
  });

  it('the same tag twice', async () => {
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ];
    expect(await failure({ ScheduleExpression: 'rate(1 minute)', Tags })).toEqual({
      name: 'ValidationException',
      message: 'Invalid parameter: Duplicated keys are not allowed.',
    });
  });

  it('what the sandbox does not have, by name', async () => {
    expect((await failure({ EventPattern: '{"source":["a"]}' })).message).toBe(
      'EventPattern of events:PutRule exists on AWS and is not implemented by this sandbox.',
    );
    expect((await failureOf(events.client.send(new PutEventsCommand({ Entries: [{}] })))).message).toContain(
      'events:PutEvents exists on AWS',
    );
    expect((await failureOf(events.client.send(new CreateEventBusCommand({ Name: 'orders' })))).message).toContain('events:CreateEventBus');
  });
});

describe('a rule', () => {
  it('is enabled, and is described as it was put', async () => {
    const name = events.newRuleName();
    const put = await events.client.send(
      new PutRuleCommand({ Name: name, ScheduleExpression: 'rate(5 minutes)', Description: 'Readings' }),
    );
    expect(put.RuleArn).toBe(events.ruleArn(name));
    const { $metadata, ...rule } = await events.client.send(new DescribeRuleCommand({ Name: name, EventBusName: 'default' }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(rule).toEqual({
      Name: name,
      Arn: events.ruleArn(name),
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Description: 'Readings',
      EventBusName: 'default',
      CreatedBy: '000000000000',
    });
  });

  it('is replaced when it is put again: what is left out is gone, but for its tags', async () => {
    const Name = await events.rule({ Description: 'old', Tags: [{ Key: 'lab', Value: '03' }] });
    await events.client.send(
      new PutRuleCommand({ Name, ScheduleExpression: 'cron(0 12 * * ? *)', State: 'DISABLED', Tags: [{ Key: 'new', Value: '1' }] }),
    );
    const rule = await events.client.send(new DescribeRuleCommand({ Name }));
    expect(rule).toMatchObject({ ScheduleExpression: 'cron(0 12 * * ? *)', State: 'DISABLED' });
    expect(rule.Description).toBeUndefined();
    expect(await tagsOf(Name)).toEqual([{ Key: 'lab', Value: '03' }]);
  });

  it('can be disabled and enabled', async () => {
    const Name = await events.rule();
    await events.client.send(new DisableRuleCommand({ Name }));
    expect((await events.client.send(new DescribeRuleCommand({ Name }))).State).toBe('DISABLED');
    await events.client.send(new EnableRuleCommand({ Name }));
    expect((await events.client.send(new DescribeRuleCommand({ Name }))).State).toBe('ENABLED');
  });

  it('that is not there is not found, and deleting it is no mistake', async () => {
    const notFound = { name: 'ResourceNotFoundException', message: 'Rule nowhere does not exist on EventBus default.' };
    for (const command of [DescribeRuleCommand, EnableRuleCommand, DisableRuleCommand]) {
      expect(await failureOf(events.client.send(new command({ Name: 'nowhere' })))).toEqual(notFound);
    }
    expect(await failureOf(tagsOf('nowhere'))).toEqual(notFound);
    await events.client.send(new DeleteRuleCommand({ Name: 'nowhere' }));
  });

  it('is deleted once it has no targets', async () => {
    const Name = await events.rule();
    await events.target(Name, 'f');
    expect(await failureOf(events.client.send(new DeleteRuleCommand({ Name })))).toEqual({
      name: 'ValidationException',
      message: "Rule can't be deleted since it has targets.",
    });
    expect((await events.client.send(new DescribeRuleCommand({ Name }))).Name).toBe(Name);
    const empty = await events.rule();
    await events.client.send(new DeleteRuleCommand({ Name: empty }));
    expect((await failureOf(events.client.send(new DescribeRuleCommand({ Name: empty })))).name).toBe('ResourceNotFoundException');
  });

  it('has tags that can be added, changed and removed', async () => {
    const name = await events.rule();
    const ResourceARN = events.ruleArn(name);
    const Tags = [
      { Key: 'tag1', Value: 'value1' },
      { Key: 'tag2', Value: 'value2' },
    ];
    await events.client.send(new TagResourceCommand({ ResourceARN, Tags }));
    await events.client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'tag1', Value: 'changed' }] }));
    await events.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['tag2', 'never there'] }));
    expect(await tagsOf(name)).toEqual([{ Key: 'tag1', Value: 'changed' }]);
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: '' }));
    expect((await failureOf(events.client.send(new TagResourceCommand({ ResourceARN, Tags: many })))).name).toBe('ValidationException');
    expect(await tagsOf(name)).toHaveLength(1);
  });
});

describe('ListRules', () => {
  it('lists by prefix and in pages', async () => {
    const names = ['listed-c', 'listed-a', 'listed-b'];
    for (const Name of names) await events.client.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(1 hour)' }));
    const first = await events.client.send(new ListRulesCommand({ NamePrefix: 'listed-', Limit: 2 }));
    expect(first.Rules?.map(({ Name }) => Name)).toEqual(['listed-a', 'listed-b']);
    const rest = await events.client.send(new ListRulesCommand({ NamePrefix: 'listed-', NextToken: first.NextToken }));
    expect(rest.Rules).toEqual([
      {
        Name: 'listed-c',
        Arn: events.ruleArn('listed-c'),
        State: 'ENABLED',
        ScheduleExpression: 'rate(1 hour)',
        EventBusName: 'default',
      },
    ]);
    expect(rest.NextToken).toBeUndefined();
    expect((await events.client.send(new ListRulesCommand({ NamePrefix: 'nothing-like-it' }))).Rules).toEqual([]);
    expect((await failureOf(events.client.send(new ListRulesCommand({ NextToken: 'made up' })))).name).toBe('ValidationException');
  });
});
