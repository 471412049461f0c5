import type { OperationOf } from '../operation.ts';
import { paging, policyDocument, policyName, roleName } from './constraints.ts';
import { encodedDocument, type PolicyDocument, type Role, sizeOf } from './entity.ts';
import { page } from './page.ts';
import { parsePolicy } from './policy-document.ts';
import { checkName, limitExceeded, noSuchEntity } from './refusals.ts';
import { boundaryKey, propagate, roleOf, roleResource } from './role.ts';

/** What all inline policies of a role together may have, in characters without white space (IAM quotas). */
const inlinePolicySize = 10_240;

export const putRolePolicy: OperationOf<'iam', 'PutRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyName: policyName, PolicyDocument: policyDocument },
  resources: roleResource,
  conditionKeys: boundaryKey,
  handle(input, context) {
    const role = roleOf(input, context);
    const name = checkName(input.PolicyName ?? '', 'policyName');
    const text = input.PolicyDocument ?? '';
    const policy = parsePolicy(text, 'identity');
    const others = [...role.inlinePolicies].filter(([other]) => other !== name).map(([, document]) => document.text);
    if (sizeOf([...others, text].join('')) > inlinePolicySize) {
      throw limitExceeded(`Maximum policy size of ${inlinePolicySize} bytes exceeded for role ${role.name}`);
    }
    if (!role.inlinePolicies.has(name)) propagate(name, role, context.cloud);
    role.inlinePolicies.set(name, { text, policy });
    return {};
  },
};

export const getRolePolicy: OperationOf<'iam', 'GetRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyName: policyName },
  resources: roleResource,
  handle(input, context) {
    const role = roleOf(input, context);
    const document = inlinePolicy(role, input.PolicyName ?? '');
    return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encodedDocument(document) };
  },
};

export const deleteRolePolicy: OperationOf<'iam', 'DeleteRolePolicy'> = {
  constraints: { RoleName: roleName, PolicyName: policyName },
  resources: roleResource,
  conditionKeys: boundaryKey,
  handle(input, context) {
    const role = roleOf(input, context);
    inlinePolicy(role, input.PolicyName ?? '');
    role.inlinePolicies.delete(input.PolicyName ?? '');
    role.grantsFrom.delete(input.PolicyName ?? '');
    return {};
  },
};

export const listRolePolicies: OperationOf<'iam', 'ListRolePolicies'> = {
  constraints: { RoleName: roleName, ...paging },
  resources: roleResource,
  handle(input, context) {
    const { items, ...rest } = page(roleOf(input, context).inlinePolicies.keys(), input, (name) => name);
    return { PolicyNames: items, ...rest };
  },
};

function inlinePolicy(role: Role, name: string): PolicyDocument {
  const document = role.inlinePolicies.get(name);
  if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return document;
}
