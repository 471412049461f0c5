import { credentialStore, type IssuedCredentials } from '../auth/credentials.ts';
import type { Cloud } from '../cloud.ts';
import type { Principal } from '../operation.ts';
import { currentDocument, type Role } from './entity.ts';
import { type AccessRequest, type Decision, evaluate, type Policy, type ServiceKeys } from './policy.ts';
import { parsePolicy } from './policy-document.ts';
import { keysOf, requestKeys } from './request-keys.ts';
import { findRole, iamState } from './state.ts';

/** What a principal may do is the least of these: each kind of policy that there is has to allow an action. */
interface Layer {
  readonly kind: 'identity-based policy' | 'permissions boundary' | 'session policy';
  readonly policies: readonly Policy[];
}

/**
 * AWS's text for why `principal` may not do `action` on one of `resources` (IAM User Guide, "Troubleshoot access denied
 * error messages"); `undefined` where it may do it on all of them. The root of an account may do everything there.
 * @param action `kinesis:DescribeStream`
 * @param resources ARNs, or `*` for an action that has no resource
 */
export function denial(
  cloud: Cloud,
  principal: Principal,
  action: string,
  resources: readonly string[],
  serviceKeys: ServiceKeys = {},
): string | undefined {
  const denied = findDenial(cloud, principal, action, resources, { serviceKeys });
  return denied && denialText(denied);
}

/** Who may not do what, on which resource, and `because …` or `with …`. */
export interface Denial {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
}

/** What there is to know about a request besides who asks for what. */
interface AccessFacts {
  readonly serviceKeys?: ServiceKeys;
  /** The policy that is attached to a resource itself. */
  readonly policyOf?: (resource: string) => Policy | undefined;
}

/** The first of `resources` on which `principal` may not do `action`. */
export function findDenial(
  cloud: Cloud,
  principal: Principal,
  action: string,
  resources: readonly string[],
  facts: AccessFacts = {},
): Denial | undefined {
  for (const resource of resources) {
    const reason = refusal(cloud, principal, action, resource, facts);
    if (reason !== undefined) return { principal, action, resource, reason };
  }
  return undefined;
}

/** S3 puts the resource in quotation marks, and leaves it out where there is none (as reports of refused calls show). */
export function onQuotedResource(arn: string): string {
  return arn === '*' ? '' : ` on resource: "${arn}"`;
}

/** @param onResource how a service prints the resource, with the space in front of it, where it has a way of its own */
export function denialText({ principal, action, resource, reason }: Denial, onResource = (arn: string) => ` on resource: ${arn}`): string {
  return `User: ${principal.arn} is not authorized to perform: ${action}${onResource(resource)} ${reason}`;
}

/**
 * Within an account, the resource's own policy or the caller's policies have to allow an action; from another account,
 * both of them (IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic").
 */
function refusal(cloud: Cloud, principal: Principal, action: string, resource: string, facts: AccessFacts): string | undefined {
  const { serviceKeys = {}, policyOf } = facts;
  const policy = policyOf?.(resource);
  const access = policy === undefined ? 'none' : accessBy(policy, cloud, principal, action, resource, serviceKeys);
  if (access === 'denied') return 'with an explicit deny in a resource-based policy';
  const owner = resource.split(':')[4];
  const foreign = owner !== undefined && /^\d{12}$/.test(owner) && owner !== principal.account;
  if (foreign && access === 'none') return `because no resource-based policy allows the ${action} action`;
  return identityRefusal(cloud, principal, action, resource, serviceKeys, foreign ? 'account' : access);
}

/**
 * What the principal's own policies have against an action.
 * @param granted by whom the resource's policy lets the principal in, where both are of one account
 */
export function identityRefusal(
  cloud: Cloud,
  principal: Principal,
  action: string,
  resource: string,
  serviceKeys: ServiceKeys = {},
  granted: ResourceAccess = 'none',
): string | undefined {
  if (principal.kind === 'root') return undefined;
  const role = roleOf(cloud, principal);
  const layers = role === undefined ? [] : [...layersOf(cloud, role), ...sessionLayer(principal)];
  const request: AccessRequest = { action, resource, keys: requestKeys(cloud, principal, role, resource, serviceKeys) };
  const decisions = layers.map(({ kind, policies }) => ({ kind, decision: evaluate(policies, request) }));
  const denied = decisions.find(({ decision }) => decision === 'explicitDeny');
  if (denied !== undefined) return `with an explicit deny in ${denied.kind.startsWith('i') ? 'an' : 'a'} ${denied.kind}`;
  const silent = decisions.find(({ kind, decision }) => decision === 'implicitDeny' && !makesUpFor(granted, kind));
  if (silent === undefined && role !== undefined) return undefined;
  return `because no ${silent?.kind ?? 'identity-based policy'} allows the ${action} action`;
}

/**
 * Whether a resource's policy lets a principal do what a layer of its own policies says nothing of: a session by its own
 * name, whatever there is; a role within its boundary and the session's policies (IAM User Guide, "Policy evaluation for
 * requests within a single account").
 */
function makesUpFor(granted: ResourceAccess, kind: Layer['kind']): boolean {
  return granted === 'session' || (granted === 'role' && kind === 'identity-based policy');
}

/** The role that a session is of; not a role of the same name that was created after the session's was deleted. */
function roleOf(cloud: Cloud, principal: Principal): Role | undefined {
  const role = principal.roleName === undefined ? undefined : iamState(cloud, principal.account).roles.get(principal.roleName);
  return role !== undefined && principal.userId.startsWith(`${role.id}:`) ? role : undefined;
}

function layersOf(cloud: Cloud, role: Role): Layer[] {
  const iam = iamState(cloud, accountOf(role));
  const layers: Layer[] = [
    { kind: 'identity-based policy', policies: iam.policiesOf(role, cloud.clock.now()).map(({ document }) => document.policy) },
  ];
  if (role.boundary !== undefined) {
    const boundary = iam.findPolicy(role.boundary);
    layers.push({ kind: 'permissions boundary', policies: boundary === undefined ? [] : [currentDocument(boundary).policy] });
  }
  return layers;
}

function sessionLayer(principal: Principal): Layer[] {
  if (principal.sessionPolicies === undefined) return [];
  return [{ kind: 'session policy', policies: principal.sessionPolicies.map((text) => parsePolicy(text, 'identity')) }];
}

/**
 * Whether a role may do `action`, as the services ask which act in its name. `false` for a role that does not exist.
 * @param policy the one that is attached to the resource itself
 */
export function roleAllows(cloud: Cloud, roleArn: string, action: string, resource: string, policy?: Policy): boolean {
  const role = findRole(cloud, roleArn);
  if (role === undefined) return false;
  return findDenial(cloud, sessionPrincipal(role, 'service'), action, [resource], { policyOf: () => policy }) === undefined;
}

/**
 * Whether a role exists and its trust policy lets a service assume it.
 * @param service `lambda.amazonaws.com`
 * @param serviceKeys what the service says of its request besides the account: `sts:ExternalId`
 */
export function assumableByService(cloud: Cloud, roleArn: string, service: string, serviceKeys: ServiceKeys = {}): boolean {
  const role = findRole(cloud, roleArn);
  if (role === undefined || !isAround(cloud, role)) return false;
  const keys = keysOf(Object.entries({ 'aws:SourceAccount': accountOf(role), ...serviceKeys }));
  const request: AccessRequest = { action: 'sts:AssumeRole', resource: roleArn, keys, caller: { kind: 'service', service } };
  return evaluate([role.trust.policy], request) === 'allowed';
}

/**
 * How a policy of a resource (or a role's trust policy) answers an AWS principal: with a Deny, not at all, by its account
 * or by itself. `account` means that it trusts the caller's account, which then has to allow the caller itself; `role` and
 * `session` that it names the caller (IAM User Guide, "Policy evaluation for requests within a single account").
 */
export type ResourceAccess = 'denied' | 'none' | 'account' | 'role' | 'session';

function accessBy(
  policy: Policy,
  cloud: Cloud,
  principal: Principal,
  action: string,
  resource: string,
  serviceKeys: ServiceKeys,
): ResourceAccess {
  const callerRole = roleOf(cloud, principal);
  const names = [principal.arn, ...(callerRole === undefined ? [] : [callerRole.arn])];
  const keys = requestKeys(cloud, principal, callerRole, resource, serviceKeys);
  const decide = (callerNames: readonly string[]): Decision =>
    evaluate([policy], { action, resource, keys, caller: { kind: 'aws', names: callerNames } });
  const decision = decide([...names, principal.account, `arn:aws:iam::${principal.account}:root`]);
  if (decision !== 'allowed') return decision === 'explicitDeny' ? 'denied' : 'none';
  if (decide([principal.arn]) === 'allowed') return 'session';
  return decide(names) === 'allowed' ? 'role' : 'account';
}

/** Whether a role is known outside of IAM by now. */
function isAround(cloud: Cloud, role: Role): boolean {
  return role.assumableFrom <= cloud.clock.now();
}

/** Whom a role's trust policy lets in. */
export function trustIn(cloud: Cloud, role: Role, principal: Principal, action: string, serviceKeys: ServiceKeys = {}): ResourceAccess {
  if (!isAround(cloud, role)) return 'none';
  return accessBy(role.trust.policy, cloud, principal, action, role.arn, serviceKeys);
}

/**
 * Credentials of a role for a service that runs something in its name, such as a function's environment. Whether the
 * service may is `assumableByService`.
 * @throws {Error} when there is no such role
 */
export function serviceSession(
  cloud: Cloud,
  roleArn: string,
  { name, durationMs, keys = {} }: { readonly name: string; readonly durationMs: number; readonly keys?: ServiceKeys },
): IssuedCredentials {
  const role = findRole(cloud, roleArn);
  if (role === undefined) throw new Error(`There is no role ${roleArn}.`);
  const now = cloud.clock.now();
  return credentialStore(cloud).issue(sessionPrincipal(role, name, { sessionKeys: issuedAt(now, keys) }), now + durationMs);
}

/** What conditions can ask about a session that begins now. */
export function issuedAt(now: number, keys: ServiceKeys): ServiceKeys {
  return { 'aws:TokenIssueTime': new Date(now).toISOString(), ...keys };
}

/** Who a session of a role is. */
export function sessionPrincipal(
  role: Role,
  sessionName: string,
  narrowed: Pick<Principal, 'sessionPolicies' | 'sessionTags' | 'transitiveTags' | 'sessionKeys'> = {},
): Principal {
  const account = accountOf(role);
  return {
    kind: 'assumed-role',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    roleName: role.name,
    ...narrowed,
  };
}

function accountOf(role: Role): string {
  return role.arn.split(':')[4] ?? '';
}
