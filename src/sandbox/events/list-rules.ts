import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { eventBusName, limit, namePrefix, token } from './constraints.ts';
import { described } from './describe-rule.ts';
import { invalidToken, mostListed } from './listing.ts';
import { requireDefaultBus } from './request.ts';
import { rulesOf } from './rules.ts';

export const listRules: OperationOf<'events', 'ListRules'> = {
  constraints: { NamePrefix: namePrefix, EventBusName: eventBusName, NextToken: token, Limit: limit },
  resources: () => ['*'],
  handle(input, context) {
    requireDefaultBus(input.EventBusName, context);
    const rules = rulesOf(context.cloud, context)
      .all()
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
    const request = { token: input.NextToken, limit: input.Limit ?? mostListed };
    const { items, next } = pageOf(rules, request, ({ name }) => name, invalidToken);
    return { Rules: items.map(described), ...(next === undefined ? {} : { NextToken: next }) };
  },
};
