import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { arn, eventBusName, limit, token } from './constraints.ts';
import { invalidToken, mostListed } from './listing.ts';
import { requireDefaultBus } from './request.ts';
import { rulesOf } from './rules.ts';

export const listRuleNamesByTarget: OperationOf<'events', 'ListRuleNamesByTarget'> = {
  constraints: { TargetArn: arn, EventBusName: eventBusName, NextToken: token, Limit: limit },
  resources: () => ['*'],
  handle(input, context) {
    requireDefaultBus(input.EventBusName, context);
    const names = rulesOf(context.cloud, context)
      .all()
      .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
      .map(({ name }) => name);
    const { items, next } = pageOf(names, { token: input.NextToken, limit: input.Limit ?? mostListed }, (name) => name, invalidToken);
    return { RuleNames: items, ...(next === undefined ? {} : { NextToken: next }) };
  },
};
