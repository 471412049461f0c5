import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTagsForResourceCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { eventsSandbox } from '../../support/events.ts';
import { failureOf } from '../../support/failure.ts';
import { roleSession } from '../../support/role-session.ts';

const events = eventsSandbox();

describe('a role', () => {
  it('may do what its policies allow, rule by rule', async () => {
    const arn = events.ruleArn('mine');
    const client = new EventBridgeClient(
      await roleSession(events.lambda.sandbox, 'scheduler', [{ Effect: 'Allow', Action: 'events:Put*', Resource: arn }]),
    );
    await client.send(new PutRuleCommand({ Name: 'mine', ScheduleExpression: 'rate(1 minute)' }));
    await client.send(new PutTargetsCommand({ Rule: 'mine', Targets: [{ Id: '1', Arn: events.functionArn('f') }] }));
    const refused: readonly (readonly [action: string, resource: string, call: () => Promise<unknown>])[] = [
      ['PutRule', events.ruleArn('other'), () => client.send(new PutRuleCommand({ Name: 'other', ScheduleExpression: 'rate(1 minute)' }))],
      ['DescribeRule', arn, () => client.send(new DescribeRuleCommand({ Name: 'mine' }))],
      ['ListTagsForResource', arn, () => client.send(new ListTagsForResourceCommand({ ResourceARN: arn }))],
      ['ListRules', '*', () => client.send(new ListRulesCommand({}))],
    ];
    for (const [action, resource, call] of refused) {
      expect(await failureOf(call())).toEqual({
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::000000000000:assumed-role/scheduler/tester is not authorized to perform: ' +
          `events:${action} on resource: ${resource} because no identity-based policy allows the events:${action} action`,
      });
    }
    client.destroy();
  });
});
