import { randomUUID } from 'node:crypto';
import { isMapping } from '../../util/json.ts';
import type { Cloud } from '../cloud.ts';
import { invokeInBackground } from '../lambda/environments/async-invoke.ts';
import { readFunctionName } from '../lambda/functions/function-name.ts';
import { functionsOf } from '../lambda/functions/functions.ts';
import type { Rule } from './rule.ts';
import type { RuleTarget } from './target.ts';

/**
 * Gives a target the event of a firing. A function that is not there, or whose policy does not let EventBridge in for this
 * rule, is not invoked, and nobody is told (EventBridge, as recorded).
 * @param due when the schedule fired, in epoch milliseconds
 */
export function deliver(cloud: Cloud, rule: Rule, target: RuleTarget, due: number): void {
  const { scope } = rule;
  const { name, qualifier } = readFunctionName(target.Arn, scope);
  const invocable = functionsOf(cloud, scope).find(name)?.invocable(qualifier);
  const caller = { service: 'events.amazonaws.com', sourceArn: rule.arn, sourceAccount: scope.account };
  if (!invocable?.resourcePolicy.lets(caller)) return;
  const payload = Buffer.from(inputFor(target, scheduledEvent(rule, due)));
  invokeInBackground(cloud, invocable, { requestId: randomUUID(), functionArn: target.Arn, payload });
}

/** The event of a scheduled rule, as recorded (EventBridge, as recorded). Its time is in whole seconds. */
function scheduledEvent({ arn, scope }: Rule, due: number): Readonly<Record<string, unknown>> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: scope.account,
    time: new Date(due).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: scope.region,
    resources: [arn],
    detail: {},
  };
}

/** What the target gets: its own constant, a part of the event, or all of it. */
function inputFor({ Input, InputPath = '$' }: RuleTarget, event: Readonly<Record<string, unknown>>): string {
  // What AWS gives where a path leads nowhere is unverified.
  return Input ?? JSON.stringify(partOf(event, InputPath) ?? {});
}

/** Follows a JSON path: `$`, `$.detail`, `$.resources[0]`. */
function partOf(event: unknown, path: string): unknown {
  let part = event;
  for (const [, key, index] of path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) {
    if (index !== undefined) part = Array.isArray(part) ? part[Number(index)] : undefined;
    else part = isMapping(part) ? part[key ?? ''] : undefined;
  }
  return part;
}
