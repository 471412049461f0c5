import type { Operations } from '../operation.ts';
import { deleteRule } from './delete-rule.ts';
import { describeRule } from './describe-rule.ts';
import { listRuleNamesByTarget } from './list-rule-names-by-target.ts';
import { listRules } from './list-rules.ts';
import { listTargetsByRule } from './list-targets-by-rule.ts';
import { putRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import { removeTargets } from './remove-targets.ts';
import { disableRule, enableRule } from './rule-state.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** The operations of EventBridge by name: rules with schedules on the default bus, and their targets. */
export const operations: Operations<'events'> = {
  DeleteRule: deleteRule,
  DescribeRule: describeRule,
  DisableRule: disableRule,
  EnableRule: enableRule,
  ListRuleNamesByTarget: listRuleNamesByTarget,
  ListRules: listRules,
  ListTagsForResource: listTagsForResource,
  ListTargetsByRule: listTargetsByRule,
  PutRule: putRule,
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
  TagResource: tagResource,
  UntagResource: untagResource,
};
