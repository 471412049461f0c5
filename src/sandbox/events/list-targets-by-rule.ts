import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { eventBusName, limit, ruleName, token } from './constraints.ts';
import { invalidToken, mostListed } from './listing.ts';
import { requestedRule, ruleResource } from './request.ts';

export const listTargetsByRule: OperationOf<'events', 'ListTargetsByRule'> = {
  constraints: { Rule: ruleName, EventBusName: eventBusName, NextToken: token, Limit: limit },
  resources: ruleResource,
  handle(input, context) {
    const targets = requestedRule(input, context).targets.values();
    const { items, next } = pageOf(targets, { token: input.NextToken, limit: input.Limit ?? mostListed }, ({ Id }) => Id, invalidToken);
    return { Targets: items, ...(next === undefined ? {} : { NextToken: next }) };
  },
};
