import type { OperationOf } from '../operation.ts';
import { eventBusName, ruleName } from './constraints.ts';
import { requestedRule, ruleResource } from './request.ts';
import type { Rule } from './rule.ts';

export const describeRule: OperationOf<'events', 'DescribeRule'> = {
  constraints: { Name: ruleName, EventBusName: eventBusName },
  resources: ruleResource,
  handle: (input, context) => ({ ...described(requestedRule(input, context)), CreatedBy: context.account }),
};

/** A rule as ListRules shows it. */
export function described({ name, arn, settings }: Rule) {
  const { expression, state, description, roleArn } = settings;
  return {
    Name: name,
    Arn: arn,
    State: state,
    ...(description === undefined ? {} : { Description: description }),
    ScheduleExpression: expression,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
    EventBusName: 'default',
  };
}
