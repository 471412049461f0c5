import type { OperationOf } from '../operation.ts';
import { eventBusName, ruleName } from './constraints.ts';
import { requestedRule, ruleResource } from './request.ts';
import { rulesOf } from './rules.ts';

/** The schedule begins anew: a rate fires one period after this. */
export const enableRule: OperationOf<'events', 'EnableRule'> = {
  constraints: { Name: ruleName, EventBusName: eventBusName },
  resources: ruleResource,
  handle(input, context) {
    const rule = requestedRule(input, context);
    rulesOf(context.cloud, context).change(rule, { ...rule.settings, state: 'ENABLED' });
    return {};
  },
};

export const disableRule: OperationOf<'events', 'DisableRule'> = {
  constraints: { Name: ruleName, EventBusName: eventBusName },
  resources: ruleResource,
  handle(input, context) {
    const rule = requestedRule(input, context);
    rulesOf(context.cloud, context).change(rule, { ...rule.settings, state: 'DISABLED' });
    return {};
  },
};
