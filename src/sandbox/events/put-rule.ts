import { tagging } from '../iam/besides.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { eventBusName, optionalArn, ruleName, tags } from './constraints.ts';
import { invalid } from './errors.ts';
import { requireDefaultBus, ruleResource } from './request.ts';
import { rulesOf } from './rules.ts';
import { parseSchedule } from './schedule.ts';
import { checkedTags } from './tags.ts';

/** PutRule (EventBridge API reference; EventBridge, as recorded), for rules with a schedule. Tags are for new rules only. */
export const putRule: OperationOf<'events', 'PutRule'> = {
  constraints: {
    Name: ruleName,
    ScheduleExpression: { maxLength: 256 },
    EventPattern: { maxLength: 4096 },
    State: { values: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] },
    Description: { maxLength: 512 },
    RoleArn: optionalArn,
    Tags: tags,
    EventBusName: eventBusName,
  },
  resources: ruleResource,
  besides: ({ Tags }) => tagging('events:TagResource', Tags),
  handle(input, context) {
    const { Name = '', ScheduleExpression: expression } = input;
    if (!expression && !input.EventPattern) throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    refuseUnsupportedMembers('events:PutRule', input, ['EventPattern']);
    const schedule = expression === undefined ? undefined : parseSchedule(expression);
    if (schedule === undefined || expression === undefined) throw invalid('Parameter ScheduleExpression is not valid.');
    if (input.EventBusName !== undefined && !/^(arn:.*\/)?default$/.test(input.EventBusName)) {
      throw invalid('ScheduleExpression is supported only on the default event bus.');
    }
    requireDefaultBus(input.EventBusName, context);
    const settings = {
      expression,
      schedule,
      // The third state is about events of CloudTrail, which a schedule has none of.
      state: input.State === 'DISABLED' ? ('DISABLED' as const) : ('ENABLED' as const),
      description: input.Description,
      roleArn: input.RoleArn,
    };
    return { RuleArn: rulesOf(context.cloud, context).put(Name, settings, checkedTags(input.Tags ?? [])).arn };
  },
};
