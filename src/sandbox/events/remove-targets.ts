import type { OperationOf } from '../operation.ts';
import { eventBusName, ruleName, targetId } from './constraints.ts';
import { requestedRule, ruleResource } from './request.ts';

/** RemoveTargets (EventBridge API reference). That an id which the rule does not have is no failure is unverified. */
export const removeTargets: OperationOf<'events', 'RemoveTargets'> = {
  constraints: {
    Rule: ruleName,
    EventBusName: eventBusName,
    Ids: { required: true, minLength: 1, maxLength: 100, each: targetId },
  },
  resources: ruleResource,
  handle(input, context) {
    const rule = requestedRule(input, context);
    for (const id of input.Ids ?? []) rule.targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
};
