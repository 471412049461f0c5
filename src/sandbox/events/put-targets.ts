import type { OperationOf } from '../operation.ts';
import { arn, eventBusName, optionalArn, ruleName, targetId } from './constraints.ts';
import { limitExceeded } from './errors.ts';
import { requestedRule, ruleResource } from './request.ts';
import { checkTarget } from './target.ts';

/** Targets that a rule can have (EventBridge quotas; EventBridge, as recorded). */
const mostTargets = 5;

/** PutTargets (EventBridge API reference): adds targets, in the place of those with the same ids. */
export const putTargets: OperationOf<'events', 'PutTargets'> = {
  constraints: {
    Rule: ruleName,
    EventBusName: eventBusName,
    Targets: {
      required: true,
      minLength: 1,
      maxLength: 100,
      each: {
        members: { Id: targetId, Arn: arn, RoleArn: optionalArn, Input: { maxLength: 8192 }, InputPath: { maxLength: 256 } },
      },
    },
  },
  resources: ruleResource,
  handle(input, context) {
    const rule = requestedRule(input, context);
    const targets = (input.Targets ?? []).map((target) => checkTarget(target, context));
    const ids = new Set([...rule.targets.keys(), ...targets.map(({ Id }) => Id)]);
    if (ids.size > mostTargets) throw limitExceeded();
    for (const target of targets) rule.targets.set(target.Id, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
};
