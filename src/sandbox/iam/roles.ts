import type { OperationOf } from '../operation.ts';
import { description, maxSessionDuration, paging, pathPrefix, policyDocument, roleName } from './constraints.ts';
import { page } from './page.ts';
import { describedRole, listedRole, roleOf, roleResource, trustPolicy } from './role.ts';
import { iamState } from './state.ts';

export const getRole: OperationOf<'iam', 'GetRole'> = {
  constraints: { RoleName: roleName },
  resources: roleResource,
  handle: (input, context) => ({ Role: describedRole(roleOf(input, context)) }),
};

export const listRoles: OperationOf<'iam', 'ListRoles'> = {
  constraints: { PathPrefix: pathPrefix, ...paging },
  resources: () => ['*'],
  handle(input, { cloud, account }) {
    const roles = [...iamState(cloud, account).roles.values()].filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...rest } = page(roles, input, ({ name }) => name);
    return { Roles: items.map(listedRole), ...rest };
  },
};

export const updateRole: OperationOf<'iam', 'UpdateRole'> = {
  constraints: { RoleName: roleName, Description: description, MaxSessionDuration: maxSessionDuration },
  resources: roleResource,
  handle(input, context) {
    const role = roleOf(input, context);
    if (input.Description !== undefined) role.description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration;
    return {};
  },
};

export const updateAssumeRolePolicy: OperationOf<'iam', 'UpdateAssumeRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyDocument: policyDocument },
  resources: roleResource,
  handle(input, context) {
    const role = roleOf(input, context);
    role.trust = trustPolicy(context.cloud, input.PolicyDocument ?? '');
    return {};
  },
};

/** The sandbox has no instance profiles. Programs that delete a role ask for them all the same. */
export const listInstanceProfilesForRole: OperationOf<'iam', 'ListInstanceProfilesForRole'> = {
  constraints: { RoleName: roleName, ...paging },
  resources: roleResource,
  handle(input, context) {
    roleOf(input, context);
    return { InstanceProfiles: [], IsTruncated: false };
  },
};
