import type { RequestContext } from '../operation.ts';
import { busNotFound } from './errors.ts';
import { type Rule, ruleArn } from './rule.ts';
import { rulesOf } from './rules.ts';

interface RuleReference {
  readonly Name?: string | undefined;
  readonly Rule?: string | undefined;
  /** A name or an ARN. */
  readonly EventBusName?: string | undefined;
}

/** What IAM is asked about: the ARN of the rule, whether it exists or not. */
export function ruleResource({ Name, Rule: name }: RuleReference, context: RequestContext): readonly string[] {
  return [ruleArn(context, Name ?? name ?? '')];
}

/** The sandbox has the default bus only. @throws {AwsError} ResourceNotFoundException */
export function requireDefaultBus(name: string | undefined, { region, account }: RequestContext): void {
  const bus = name?.replace(`arn:aws:events:${region}:${account}:event-bus/`, '') ?? 'default';
  if (bus !== 'default') throw busNotFound(bus.slice(bus.lastIndexOf('/') + 1));
}

/** The rule that a request is about. @throws {AwsError} ResourceNotFoundException */
export function requestedRule(reference: RuleReference, context: RequestContext): Rule {
  requireDefaultBus(reference.EventBusName, context);
  return rulesOf(context.cloud, context).named(reference.Name ?? reference.Rule ?? '');
}
