import { EventBridgeClient, PutRuleCommand, type PutRuleCommandInput, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { lambdaSandbox } from './lambda.ts';

/** A sandbox that the tests of one file share, with what `lambdaSandbox` has and a client of EventBridge. */
export function eventsSandbox(options: SandboxOptions = {}) {
  const lambda = lambdaSandbox(options);
  let client: EventBridgeClient;
  let rules = 0;

  beforeAll(() => {
    const { endpoint, region, credentials } = lambda.sandbox;
    client = new EventBridgeClient({ endpoint, region, credentials, maxAttempts: 1 });
  });

  afterAll(() => client.destroy());

  return {
    lambda,
    get client() {
      return client;
    },
    newRuleName(): string {
      rules += 1;
      return `rule-${rules}`;
    },
    ruleArn(name: string): string {
      return `arn:aws:events:us-east-1:000000000000:rule/${name}`;
    },
    functionArn(name: string): string {
      return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    },
    /** Creates a rule of its own, by default one that fires every minute. @returns its name. */
    async rule(settings: Partial<PutRuleCommandInput> = {}): Promise<string> {
      const Name = this.newRuleName();
      await client.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(1 minute)', ...settings }));
      return Name;
    },
    /** Makes a function a target of a rule. */
    async target(Rule: string, functionName: string, settings: Partial<Target> = {}): Promise<void> {
      await client.send(new PutTargetsCommand({ Rule, Targets: [{ Id: '1', Arn: this.functionArn(functionName), ...settings }] }));
    },
    /** Lets a rule invoke a function. */
    async permit(rule: string, FunctionName: string): Promise<void> {
      await lambda.client.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: rule,
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: this.ruleArn(rule),
        }),
      );
    },
  };
}
