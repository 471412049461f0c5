import type { OperationOf } from '../operation.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { paging, policyArn, policyPath, rolePath } from './constraints.ts';
import type { ManagedPolicy } from './entity.ts';
import { describedPolicy, listedPolicy, ownPolicyOf, policyOf, policyResource } from './managed-policy.ts';
import { page } from './page.ts';
import { deleteConflict } from './refusals.ts';
import { iamState } from './state.ts';

export const getPolicy: OperationOf<'iam', 'GetPolicy'> = {
  constraints: { PolicyArn: policyArn },
  resources: policyResource,
  handle: (input, context) => ({ Policy: describedPolicy(iamState(context.cloud, context.account), policyOf(input, context)) }),
};

export const listPolicies: OperationOf<'iam', 'ListPolicies'> = {
  constraints: {
    Scope: { values: ['All', 'AWS', 'Local'] },
    PathPrefix: policyPath,
    PolicyUsageFilter: { values: ['PermissionsPolicy', 'PermissionsBoundary'] },
    ...paging,
  },
  resources: () => ['*'],
  handle(input, { cloud, account }) {
    const iam = iamState(cloud, account);
    const { Scope: scope = 'All', PolicyUsageFilter: usage } = input;
    const policies: ManagedPolicy[] = [
      ...(scope === 'AWS' ? [] : iam.policies.values()),
      ...(scope === 'Local' ? [] : awsManagedPolicies().values()),
    ].filter(({ arn, path }) => {
      const attached = usage !== 'PermissionsBoundary' && iam.rolesWith(arn).length > 0;
      const bounding = usage !== 'PermissionsPolicy' && iam.rolesBoundedBy(arn).length > 0;
      // Without OnlyAttached the filter leaves out what is used in the other way only, which nothing else tells.
      return path.startsWith(input.PathPrefix ?? '/') && (input.OnlyAttached !== true || attached || bounding);
    });
    const { items, ...rest } = page(policies, input, ({ name, arn }) => `${name} ${arn}`);
    return { Policies: items.map((policy) => listedPolicy(iam, policy)), ...rest };
  },
};

export const deletePolicy: OperationOf<'iam', 'DeletePolicy'> = {
  constraints: { PolicyArn: policyArn },
  resources: policyResource,
  handle(input, context) {
    const iam = iamState(context.cloud, context.account);
    const policy = ownPolicyOf(input, context);
    if (iam.rolesWith(policy.arn).length > 0 || iam.rolesBoundedBy(policy.arn).length > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.');
    }
    if (policy.versions.size > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    iam.policies.delete(policy.arn);
    return {};
  },
};

export const listEntitiesForPolicy: OperationOf<'iam', 'ListEntitiesForPolicy'> = {
  constraints: {
    PolicyArn: policyArn,
    EntityFilter: { values: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] },
    PathPrefix: rolePath,
    PolicyUsageFilter: { values: ['PermissionsPolicy', 'PermissionsBoundary'] },
    ...paging,
  },
  resources: policyResource,
  handle(input, context) {
    const iam = iamState(context.cloud, context.account);
    const { arn } = policyOf(input, context);
    const usage = input.PolicyUsageFilter;
    const roles = new Set([
      ...(usage === 'PermissionsBoundary' ? [] : iam.rolesWith(arn)),
      ...(usage === 'PermissionsPolicy' ? [] : iam.rolesBoundedBy(arn)),
    ]);
    const asked = input.EntityFilter === undefined || input.EntityFilter === 'Role' ? [...roles] : [];
    const shown = asked.filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...rest } = page(shown, input, ({ name }) => name);
    return { PolicyGroups: [], PolicyUsers: [], PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })), ...rest };
  },
};
