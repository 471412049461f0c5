import type { Tag } from '@aws-sdk/client-eventbridge';
import type { ResourceTags } from '../iam/resource-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { arn, tags } from './constraints.ts';
import { invalid, ruleNotFound } from './errors.ts';
import { rulesOf } from './rules.ts';

/** Tags that a resource can have. */
const mostTags = 50;

/** @throws {AwsError} for the same key twice, or too many (whose text is unverified). */
export function checkedTags(list: readonly Tag[], existing: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const added = new Map(list.map(({ Key = '', Value = '' }) => [Key, Value]));
  if (added.size < list.length) throw invalid('Invalid parameter: Duplicated keys are not allowed.');
  if (new Set([...existing.keys(), ...added.keys()]).size > mostTags) {
    throw invalid(`The number of tags on a resource cannot be more than ${mostTags}.`);
  }
  return added;
}

export const tagResource: OperationOf<'events', 'TagResource'> = {
  constraints: { ResourceARN: arn, Tags: { required: true, ...tags } },
  resources: ({ ResourceARN }) => [ResourceARN ?? ''],
  handle(input, context) {
    const existing = tagsOf(input.ResourceARN ?? '', context);
    for (const [key, value] of checkedTags(input.Tags ?? [], existing)) existing.set(key, value);
    return {};
  },
};

export const untagResource: OperationOf<'events', 'UntagResource'> = {
  constraints: { ResourceARN: arn, TagKeys: { required: true, each: { maxLength: 128, minLength: 1 } } },
  resources: ({ ResourceARN }) => [ResourceARN ?? ''],
  handle(input, context) {
    const existing = tagsOf(input.ResourceARN ?? '', context);
    for (const key of input.TagKeys ?? []) existing.delete(key);
    return {};
  },
};

export const listTagsForResource: OperationOf<'events', 'ListTagsForResource'> = {
  constraints: { ResourceARN: arn },
  resources: ({ ResourceARN }) => [ResourceARN ?? ''],
  handle: (input, context) => ({ Tags: [...tagsOf(input.ResourceARN ?? '', context)].map(([Key, Value]) => ({ Key, Value })) }),
};

/** What conditions can ask for: the tags of rules. */
export const tagsOfRule: ResourceTags = (cloud, arn) => {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  return rulesOf(cloud, { region, account }).find(resource.replace(/^rule\//, ''))?.tags;
};

/** The tags of a rule, by its ARN. The text for what is no ARN is unverified. */
function tagsOf(resourceArn: string, { cloud, ...scope }: RequestContext): Map<string, string> {
  const [, region, account, type, name = ''] = /^arn:aws[\w-]*:events:([^:]*):(\d{12}):(rule|event-bus)\/(.+)$/.exec(resourceArn) ?? [];
  if (type === undefined) throw invalid(`Parameter ${resourceArn} is not valid. Reason: Provided Arn is not in correct format.`);
  if (type === 'event-bus') throw notImplemented('A tag of an event bus');
  const rule = region === scope.region && account === scope.account ? rulesOf(cloud, scope).find(name) : undefined;
  if (rule === undefined) throw ruleNotFound(name);
  return rule.tags;
}
