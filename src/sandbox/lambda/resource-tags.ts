import type { ResourceTags } from '../iam/resource-tags.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { invalidParameter, notFound, notImplemented } from './error.ts';
import { functionsOf } from './functions/functions.ts';
import { checkTags } from './functions/tags.ts';
import { mappingsOf } from './mappings/mappings.ts';

const arnPattern =
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:' +
  '(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}' +
  '|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)';
const arnConstraint = {
  required: true,
  minLength: 1,
  maxLength: 256,
  pattern: new RegExp(`^${arnPattern}$`),
  patternText: arnPattern,
} as const;

/** What conditions can ask for: the tags of functions, which count for their versions and aliases as well, and of mappings. */
export const tagsOfResource: ResourceTags = (cloud, arn) => {
  const [, , , region = '', account = '', type, id = ''] = arn.split(':');
  if (type === 'function') return functionsOf(cloud, { region, account }).find(id)?.tags;
  return type === 'event-source-mapping' ? mappingsOf(cloud, { region, account }).find(id)?.tags : undefined;
};

interface Tagged {
  readonly tags: Map<string, string>;
  /** Functions are another revision when their tags change (recorded from Lambda). */
  touch?(): void;
}

/** A function or a mapping, which have tags (texts recorded from Lambda). @throws {AwsError} ResourceNotFoundException */
function tagged(arn: string, { cloud, ...scope }: RequestContext): Tagged {
  const [, , , , , type = '', id = '', qualifier] = arn.split(':');
  if (type === 'function') {
    if (qualifier !== undefined)
      throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
    return functionsOf(cloud, scope).named(arn);
  }
  if (type !== 'event-source-mapping') throw notImplemented(`Tags of a ${type} of lambda`);
  const mapping = mappingsOf(cloud, scope).find(id);
  if (mapping?.arn !== arn) throw notFound(`Event source mapping not found: ${arn}`);
  return mapping;
}

/** TagResource (Lambda API reference). */
export const tagResource: OperationOf<'lambda', 'TagResource'> = {
  constraints: { Resource: arnConstraint, Tags: { required: true } },
  resources: (input) => [input.Resource ?? ''],
  handle(input, context) {
    const resource = tagged(input.Resource ?? '', context);
    if (Object.keys(input.Tags ?? {}).length === 0) throw invalidParameter('An error occurred and the request cannot be processed.');
    for (const [key, value] of Object.entries(checkTags(input.Tags, resource.tags))) resource.tags.set(key, value);
    resource.touch?.();
    return {};
  },
};

/** UntagResource (Lambda API reference). */
export const untagResource: OperationOf<'lambda', 'UntagResource'> = {
  constraints: { Resource: arnConstraint, TagKeys: { required: true } },
  resources: (input) => [input.Resource ?? ''],
  handle(input, context) {
    const resource = tagged(input.Resource ?? '', context);
    for (const key of input.TagKeys ?? []) resource.tags.delete(key);
    resource.touch?.();
    return {};
  },
};

/** ListTags (Lambda API reference). */
export const listTags: OperationOf<'lambda', 'ListTags'> = {
  constraints: { Resource: arnConstraint },
  resources: (input) => [input.Resource ?? ''],
  handle: (input, context) => ({ Tags: Object.fromEntries(tagged(input.Resource ?? '', context).tags) }),
};
