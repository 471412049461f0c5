import { AwsError } from '../error.ts';
import type { ResourceTags } from '../iam/resource-tags.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { resourceArn, tags } from './constraints.ts';
import { logStore } from './store.ts';

interface TaggedResource {
  readonly resourceArn: string | undefined;
}

export const tagResource: OperationOf<'logs', 'TagResource'> = {
  constraints: { resourceArn, tags: { ...tags, required: true } },
  resources: ({ resourceArn: arn }) => [arn ?? ''],
  handle(input, context) {
    const existing = tagsOf(input, context);
    const added = Object.entries(input.tags ?? {});
    if (new Set([...existing.keys(), ...added.map(([key]) => key)]).size > 50) {
      // The text is unverified.
      throw new AwsError('TooManyTagsException', 'The maximum number of tags per resource is 50.', {
        members: { resourceName: input.resourceArn },
      });
    }
    for (const [key, value] of added) existing.set(key, value);
    return {};
  },
};

export const untagResource: OperationOf<'logs', 'UntagResource'> = {
  constraints: { resourceArn, tagKeys: { required: true, maxLength: 50, each: { maxLength: 128, minLength: 1 } } },
  resources: ({ resourceArn: arn }) => [arn ?? ''],
  handle(input, context) {
    const existing = tagsOf(input, context);
    for (const key of input.tagKeys ?? []) existing.delete(key);
    return {};
  },
};

export const listTagsForResource: OperationOf<'logs', 'ListTagsForResource'> = {
  constraints: { resourceArn },
  resources: ({ resourceArn: arn }) => [arn ?? ''],
  handle: (input, context) => ({ tags: Object.fromEntries(tagsOf(input, context)) }),
};

/** What conditions can ask for: the tags of groups, which count for their streams as well. */
export const tagsOfGroup: ResourceTags = (cloud, arn) => {
  const [, region = '', account = '', name] = /^arn:aws:logs:([^:]*):(\d{12}):log-group:([^:]+)/.exec(arn) ?? [];
  return logStore(cloud, { region, account })
    .groups()
    .find((group) => group.name === name)?.tags;
};

/** The tags of a log group, by its ARN without `:*`. The texts of the refusals are unverified. */
function tagsOf({ resourceArn: arn }: TaggedResource, context: RequestContext): Map<string, string> {
  const [, region, account, name] = /^arn:aws:logs:([^:]*):(\d{12}):log-group:(.+)$/.exec(arn ?? '') ?? [];
  if (name === undefined) throw new AwsError('InvalidParameterException', `${arn} is not the ARN of a log group.`);
  const store = region === context.region && account === context.account ? logStore(context.cloud, context) : undefined;
  const group = store?.groups().find((one) => one.name === name);
  if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified resource does not exist.');
  return group.tags;
}
