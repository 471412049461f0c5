import { identifier } from '../identifier.ts';
import type { OperationOf } from '../operation.ts';
import { tagging } from './besides.ts';
import { boundaryArn, description, maxSessionDuration, policyDocument, roleName, rolePath, tags } from './constraints.ts';
import type { Role } from './entity.ts';
import { alreadyExists, checkName, limitExceeded, notAttachable } from './refusals.ts';
import { boundaryKeyOf, createdRole, trustPolicy } from './role.ts';
import { iamState } from './state.ts';
import { addTags } from './tags.ts';

/** How many roles an account can have (IAM quotas). */
const rolesPerAccount = 1000;

export const createRole: OperationOf<'iam', 'CreateRole'> = {
  constraints: {
    Path: rolePath,
    RoleName: roleName,
    AssumeRolePolicyDocument: policyDocument,
    Description: description,
    MaxSessionDuration: maxSessionDuration,
    PermissionsBoundary: boundaryArn,
    Tags: tags,
  },
  resources: ({ RoleName, Path = '/' }, { account }) => [`arn:aws:iam::${account}:role${Path}${RoleName ?? ''}`],
  conditionKeys: ({ PermissionsBoundary }) => boundaryKeyOf(PermissionsBoundary),
  besides: ({ Tags }) => tagging('iam:TagRole', Tags),
  handle(input, { account, cloud }) {
    const iam = iamState(cloud, account);
    const name = checkName(input.RoleName ?? '', 'roleName');
    const trust = trustPolicy(cloud, input.AssumeRolePolicyDocument ?? '');
    // Names are not distinguished by case (IAM User Guide, "IAM identifiers").
    if ([...iam.roles.keys()].some((existing) => existing.toLowerCase() === name.toLowerCase())) {
      throw alreadyExists(`Role with name ${name} already exists.`);
    }
    if (iam.roles.size >= rolesPerAccount) {
      throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${rolesPerAccount}`);
    }
    const boundary = input.PermissionsBoundary;
    if (boundary !== undefined && iam.findPolicy(boundary) === undefined) throw notAttachable(boundary);
    const path = input.Path ?? '/';
    const now = cloud.clock.now();
    const role: Role = {
      name,
      id: identifier('AROA', 21),
      path,
      arn: `arn:aws:iam::${account}:role${path}${name}`,
      created: now,
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      trust,
      boundary,
      tags: new Map(),
      inlinePolicies: new Map(),
      attachedPolicies: new Set(),
      assumableFrom: now + cloud.delay('rolePropagation'),
      grantsFrom: new Map(),
      lastUsed: undefined,
    };
    addTags(role.tags, input.Tags ?? []);
    iam.roles.set(name, role);
    return { Role: createdRole(role) };
  },
};
