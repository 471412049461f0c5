import type { Besides } from '../operation.ts';

/** What has to be allowed to who puts tags on something while creating it: nothing, when there are none. */
export function tagging(action: string, tags: object | undefined): readonly Besides[] {
  return tags === undefined || Object.keys(tags).length === 0 ? [] : [{ action }];
}

/** What has to be allowed to who has a service act in the name of roles (IAM User Guide, "Grant a user permissions to pass a role to an AWS service"). */
export function passing(service: string, ...roles: readonly (string | undefined)[]): readonly Besides[] {
  const passed = [...new Set(roles.filter((role) => role !== undefined))];
  return passed.map((resource) => ({ action: 'iam:PassRole', resource, keys: { 'iam:PassedToService': service } }));
}
