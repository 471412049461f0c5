import type { OperationOf } from '../operation.ts';
import { boundaryArn, roleName } from './constraints.ts';
import { noSuchEntity, notAttachable } from './refusals.ts';
import { boundaryKey, boundaryKeyOf, roleOf, roleResource } from './role.ts';
import { iamState } from './state.ts';

/** PutRolePermissionsBoundary (IAM API reference): bounds what a role's policies can allow, in the place of the boundary before. */
export const putRolePermissionsBoundary: OperationOf<'iam', 'PutRolePermissionsBoundary'> = {
  constraints: { RoleName: roleName, PermissionsBoundary: { required: true, ...boundaryArn } },
  resources: roleResource,
  conditionKeys: ({ PermissionsBoundary }) => boundaryKeyOf(PermissionsBoundary),
  handle(input, context) {
    const role = roleOf(input, context);
    const boundary = input.PermissionsBoundary ?? '';
    // The text is that of AttachRolePolicy; here it is unverified.
    if (iamState(context.cloud, context.account).findPolicy(boundary) === undefined) throw notAttachable(boundary);
    role.boundary = boundary;
    return {};
  },
};

/** DeleteRolePermissionsBoundary (IAM API reference). The text is unverified. */
export const deleteRolePermissionsBoundary: OperationOf<'iam', 'DeleteRolePermissionsBoundary'> = {
  constraints: { RoleName: roleName },
  resources: roleResource,
  conditionKeys: boundaryKey,
  handle(input, context) {
    const role = roleOf(input, context);
    if (role.boundary === undefined) throw noSuchEntity(`Role ${role.name} does not have a permissions boundary.`);
    role.boundary = undefined;
    return {};
  },
};
