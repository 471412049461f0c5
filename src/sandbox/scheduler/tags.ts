import type { ResourceTags } from '../iam/resource-tags.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { taggedArn, tags } from './constraints.ts';
import { groupNotFound, invalid } from './errors.ts';
import { groupArn } from './schedule.ts';
import { schedulesOf } from './schedules.ts';

/** Tags that a group can have (EventBridge Scheduler API reference). */
const mostTags = 50;

const onTagged = ({ ResourceArn }: { readonly ResourceArn?: string | undefined }) => [ResourceArn ?? ''];

export const tagResource: OperationOf<'scheduler', 'TagResource'> = {
  constraints: { ResourceArn: taggedArn, Tags: { required: true, ...tags } },
  resources: onTagged,
  handle({ ResourceArn = '', Tags = [] }, context) {
    const existing = tagsOf(ResourceArn, context);
    const keys = new Set([...existing.keys(), ...Tags.map(({ Key = '' }) => Key)]);
    // The text is unverified.
    if (keys.size > mostTags) throw invalid(`A schedule group cannot have more than ${mostTags} tags.`);
    for (const { Key = '', Value = '' } of Tags) existing.set(Key, Value);
    return {};
  },
};

export const untagResource: OperationOf<'scheduler', 'UntagResource'> = {
  constraints: { ResourceArn: taggedArn, TagKeys: { required: true, maxLength: 50, each: { minLength: 1, maxLength: 128 } } },
  resources: onTagged,
  handle({ ResourceArn = '', TagKeys = [] }, context) {
    const existing = tagsOf(ResourceArn, context);
    for (const key of TagKeys) existing.delete(key);
    return {};
  },
};

export const listTagsForResource: OperationOf<'scheduler', 'ListTagsForResource'> = {
  constraints: { ResourceArn: taggedArn },
  resources: onTagged,
  handle: ({ ResourceArn = '' }, context) => ({ Tags: [...tagsOf(ResourceArn, context)].map(([Key, Value]) => ({ Key, Value })) }),
};

/** What conditions can ask for: the tags of groups. */
export const tagsOfGroup: ResourceTags = (cloud, arn) => {
  const [, , , region = '', account = ''] = arn.split(':');
  return schedulesOf(cloud, { region, account })
    .groups()
    .find((group) => group.arn === arn)?.tags;
};

/** The tags of a group: schedules have none. The text for what is no group's ARN is unverified. */
function tagsOf(arn: string, { cloud, ...scope }: RequestContext): Map<string, string> {
  const [, name] = /:schedule-group\/(.+)$/.exec(arn) ?? [];
  if (name === undefined) throw invalid(`${arn} is not the ARN of a schedule group.`);
  if (arn !== groupArn(scope, name)) throw groupNotFound(name);
  return schedulesOf(cloud, scope).group(name).tags;
}
