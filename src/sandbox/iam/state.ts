import { type Cloud, type Scope, slot } from '../cloud.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { currentDocument, type ManagedPolicy, type PolicyDocument, type Role } from './entity.ts';
import { checkName, checkPolicyArn, noSuchEntity, policyNotFound } from './refusals.ts';

/** IAM of one account. */
export class IamState {
  /** By name. */
  readonly roles = new Map<string, Role>();
  /** The account's own managed policies, by ARN. */
  readonly policies = new Map<string, ManagedPolicy>();

  /** @throws {AwsError} NoSuchEntity */
  role(name: string): Role {
    const role = this.roles.get(checkName(name, 'roleName'));
    if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  /** A managed policy of the account, or one of AWS's. */
  findPolicy(arn: string): ManagedPolicy | undefined {
    return this.policies.get(arn) ?? awsManagedPolicies().get(arn);
  }

  /** @throws {AwsError} NoSuchEntity */
  policy(arn: string): ManagedPolicy {
    const policy = this.findPolicy(checkPolicyArn(arn));
    if (policy === undefined) throw policyNotFound(arn);
    return policy;
  }

  /** The roles that a managed policy is attached to. */
  rolesWith(policyArn: string): Role[] {
    return [...this.roles.values()].filter((role) => role.attachedPolicies.has(policyArn));
  }

  /** The roles whose permissions a managed policy bounds. */
  rolesBoundedBy(policyArn: string): Role[] {
    return [...this.roles.values()].filter((role) => role.boundary === policyArn);
  }

  /**
   * The policies that say what a role may do: its own, and the managed ones that are attached to it.
   * @param now epoch milliseconds, to leave out those that have not got around by then
   */
  policiesOf(role: Role, now = Number.POSITIVE_INFINITY): { readonly id: string; readonly document: PolicyDocument }[] {
    const counts = (policy: string) => (role.grantsFrom.get(policy) ?? 0) <= now;
    const inline = [...role.inlinePolicies]
      .filter(([name]) => counts(name))
      // The simulator names the policies of an entity's own by their bearer (as reports show it).
      .map(([name, document]) => ({ id: `role_${role.name}_${name}`, document }));
    const attached = [...role.attachedPolicies].filter(counts).flatMap((arn) => {
      const managed = this.findPolicy(arn);
      return managed === undefined ? [] : [{ id: managed.name, document: currentDocument(managed) }];
    });
    return [...inline, ...attached];
  }
}

const state = slot('iam', () => new IamState(), { global: true });

export function iamState(cloud: Cloud, account: string): IamState {
  const scope: Scope = { account, region: 'us-east-1' };
  return cloud.state(state, scope);
}

/** The role with an ARN, in whichever account that is. */
export function findRole(cloud: Cloud, arn: string): Role | undefined {
  const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(?:\S*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  const role = iamState(cloud, account).roles.get(name);
  return role?.arn === arn ? role : undefined;
}
