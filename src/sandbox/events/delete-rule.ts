import type { OperationOf } from '../operation.ts';
import { eventBusName, ruleName } from './constraints.ts';
import { invalid } from './errors.ts';
import { requireDefaultBus, ruleResource } from './request.ts';
import { rulesOf } from './rules.ts';

/** DeleteRule (EventBridge API reference). To delete a rule that is not there is a success. */
export const deleteRule: OperationOf<'events', 'DeleteRule'> = {
  constraints: { Name: ruleName, EventBusName: eventBusName },
  resources: ruleResource,
  handle(input, context) {
    requireDefaultBus(input.EventBusName, context);
    const rules = rulesOf(context.cloud, context);
    const rule = rules.find(input.Name ?? '');
    if (rule === undefined) return {};
    if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.");
    rules.delete(rule);
    return {};
  },
};
