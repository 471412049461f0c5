import type { OperationOf, RequestContext } from '../operation.ts';
import { paging, policyArn, policyPath, roleName } from './constraints.ts';
import { page } from './page.ts';
import type { ServiceKeys } from './policy.ts';
import { checkPolicyArn, limitExceeded, notAttachable, policyNotFound } from './refusals.ts';
import { boundaryKey, propagate, roleOf, roleResource } from './role.ts';
import { iamState } from './state.ts';

/** How many managed policies a role can have (IAM quotas). */
const policiesPerRole = 10;

/** IAM User Guide, "IAM and AWS STS condition context keys". */
function aboutPolicy(
  input: { readonly RoleName: string | undefined; readonly PolicyArn: string | undefined },
  context: RequestContext,
): ServiceKeys {
  return { 'iam:PolicyARN': input.PolicyArn ?? '', ...boundaryKey(input, context) };
}

/** Attaching what is attached already is no error. */
export const attachRolePolicy: OperationOf<'iam', 'AttachRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyArn: policyArn },
  resources: roleResource,
  conditionKeys: aboutPolicy,
  handle(input, context) {
    const arn = checkPolicyArn(input.PolicyArn ?? '');
    const role = roleOf(input, context);
    if (iamState(context.cloud, context.account).findPolicy(arn) === undefined) throw notAttachable(arn);
    if (!role.attachedPolicies.has(arn) && role.attachedPolicies.size >= policiesPerRole) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${policiesPerRole}`);
    }
    if (!role.attachedPolicies.has(arn)) propagate(arn, role, context.cloud);
    role.attachedPolicies.add(arn);
    return {};
  },
};

export const detachRolePolicy: OperationOf<'iam', 'DetachRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyArn: policyArn },
  resources: roleResource,
  conditionKeys: aboutPolicy,
  handle(input, context) {
    const arn = checkPolicyArn(input.PolicyArn ?? '');
    const role = roleOf(input, context);
    if (!role.attachedPolicies.delete(arn)) throw policyNotFound(arn);
    role.grantsFrom.delete(arn);
    return {};
  },
};

export const listAttachedRolePolicies: OperationOf<'iam', 'ListAttachedRolePolicies'> = {
  constraints: { RoleName: roleName, PathPrefix: policyPath, ...paging },
  resources: roleResource,
  handle(input, context) {
    const iam = iamState(context.cloud, context.account);
    const attached = [...roleOf(input, context).attachedPolicies]
      .map((arn) => iam.policy(arn))
      .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
    const { items, ...rest } = page(attached, input, ({ name, arn }) => `${name} ${arn}`);
    return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...rest };
  },
};
