import type { ResourceTags } from './resource-tags.ts';
import { findRole, iamState } from './state.ts';

/** What conditions can ask for: the tags of roles and of the policies of an account. */
export const tagsOfEntity: ResourceTags = (cloud, arn) =>
  (findRole(cloud, arn) ?? iamState(cloud, arn.split(':')[4] ?? '').policies.get(arn))?.tags;
