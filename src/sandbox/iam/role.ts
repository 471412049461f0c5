import type { Role as RoleOutput } from '@aws-sdk/client-iam';
import type { Cloud } from '../cloud.ts';
import type { RequestContext } from '../operation.ts';
import { encodedDocument, type PolicyDocument, type Role, sizeOf, wholeSeconds } from './entity.ts';
import type { ServiceKeys } from './policy.ts';
import { invalidPrincipal, parsePolicy } from './policy-document.ts';
import { limitExceeded } from './refusals.ts';
import { findRole, iamState } from './state.ts';
import { tagList } from './tags.ts';

/** The ARN that IAM is asked about for an operation on a role: its own, or what it would have if it existed. */
export function roleResource({ RoleName }: { readonly RoleName: string | undefined }, { cloud, account }: RequestContext): string[] {
  return [iamState(cloud, account).roles.get(RoleName ?? '')?.arn ?? `arn:aws:iam::${account}:role/${RoleName ?? ''}`];
}

/** What conditions can ask about an operation that changes what a role may do (IAM User Guide, "IAM and AWS STS condition context keys"). */
export function boundaryKey({ RoleName }: { readonly RoleName: string | undefined }, { cloud, account }: RequestContext): ServiceKeys {
  return boundaryKeyOf(iamState(cloud, account).roles.get(RoleName ?? '')?.boundary);
}

/** The same where the request says which boundary there is to be. */
export function boundaryKeyOf(boundary: string | undefined): ServiceKeys {
  return boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary };
}

/** @throws {AwsError} NoSuchEntity */
export function roleOf({ RoleName }: { readonly RoleName: string | undefined }, { cloud, account }: RequestContext): Role {
  return iamState(cloud, account).role(RoleName ?? '');
}

/**
 * Reads a trust policy. IAM knows the principals that it names: a role that does not exist is refused.
 * @throws {AwsError} MalformedPolicyDocument, LimitExceeded
 */
export function trustPolicy(cloud: Cloud, text: string): PolicyDocument {
  const policy = parsePolicy(text, 'trust');
  for (const name of policy.statements.flatMap(({ principals }) => principals?.aws ?? [])) {
    const named = /^arn:aws[\w-]*:iam::\d{12}:(role|user)\//.exec(name)?.[1];
    // The sandbox has no users.
    if (named === 'user' || (named === 'role' && findRole(cloud, name) === undefined)) throw invalidPrincipal('AWS', name);
  }
  if (sizeOf(text) > 2048) throw limitExceeded('Cannot exceed quota for ACLSizePerRole: 2048');
  return { text, policy };
}

/**
 * Lets a policy that is new to a role count when it has got around. What takes the place of an older one counts at once;
 * that AWS goes on with the older one for some seconds is left out.
 */
export function propagate(policy: string, role: Role, cloud: Cloud): void {
  const delay = cloud.delay('policyPropagation');
  if (delay > 0) role.grantsFrom.set(policy, cloud.clock.now() + delay);
}

/** A role as CreateRole answers. */
export function createdRole(role: Role): RoleOutput {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: wholeSeconds(role.created),
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    ...(role.boundary === undefined
      ? {}
      : { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: role.boundary } as const }),
    ...(role.tags.size === 0 ? {} : { Tags: tagList(role.tags) }),
  };
}

/** A role as ListRoles shows it: without its tags. */
export function listedRole(role: Role): RoleOutput {
  const { Tags: _, PermissionsBoundary: __, ...listed } = createdRole(role);
  return {
    ...listed,
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
  };
}

/** A role as GetRole describes it. */
export function describedRole(role: Role): RoleOutput {
  const used = role.lastUsed;
  return {
    ...createdRole(role),
    ...listedRole(role),
    RoleLastUsed: used === undefined ? {} : { LastUsedDate: wholeSeconds(used.at), Region: used.region },
  };
}
