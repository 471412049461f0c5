import type { OperationOf } from '../operation.ts';
import { paging, roleName, tagKeys, tags } from './constraints.ts';
import { page } from './page.ts';
import { roleOf, roleResource } from './role.ts';
import { addTags, tagList } from './tags.ts';

export const tagRole: OperationOf<'iam', 'TagRole'> = {
  constraints: { RoleName: roleName, Tags: { ...tags, required: true } },
  resources: roleResource,
  handle(input, context) {
    addTags(roleOf(input, context).tags, input.Tags ?? []);
    return {};
  },
};

export const untagRole: OperationOf<'iam', 'UntagRole'> = {
  constraints: { RoleName: roleName, TagKeys: tagKeys },
  resources: roleResource,
  handle(input, context) {
    const role = roleOf(input, context);
    for (const key of input.TagKeys ?? []) role.tags.delete(key);
    return {};
  },
};

export const listRoleTags: OperationOf<'iam', 'ListRoleTags'> = {
  constraints: { RoleName: roleName, ...paging },
  resources: roleResource,
  handle(input, context) {
    const { items, ...rest } = page(tagList(roleOf(input, context).tags), input, ({ Key }) => Key ?? '');
    return { Tags: items, ...rest };
  },
};
