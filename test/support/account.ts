import { Cloud } from '../../src/sandbox/cloud.ts';
import { quickDelays } from '../../src/sandbox/delays.ts';
import { operations as iam } from '../../src/sandbox/iam/operations.ts';
import type { OperationOf, Principal, RequestContext } from '../../src/sandbox/operation.ts';
import type { OperationName, ServiceName } from '../../src/util/sdk.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';

/** Everything that exists, without a server in front of it, and a clock that a test moves. */
export function bareCloud(): { readonly cloud: Cloud; readonly clock: ManualClock } {
  const clock = manualClock();
  const cloud = new Cloud({
    clock,
    delays: quickDelays,
    shardLimits: true,
    onBug: (error) => {
      throw error;
    },
  });
  return { cloud, clock };
}

/** The context of a request that the root user of an account makes, or somebody else. */
export function contextOf(cloud: Cloud, account: string, principal: Principal = rootOf(account)): RequestContext {
  const where = { account, region: 'us-east-1', endpoint: 'http://127.0.0.1:4567' };
  return { ...where, cloud, principal, requestId: 'r', headers: {}, wait: (until) => until(cloud.signal), over: () => cloud.signal };
}

export function rootOf(account: string): Principal {
  return { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account };
}

/** An operation of a service, which has to have it. */
export function known<Service extends ServiceName, Name extends OperationName<Service>>(
  operation: OperationOf<Service, Name> | undefined,
): OperationOf<Service, Name> {
  if (operation === undefined) throw new Error('The sandbox does not have this operation.');
  return operation;
}

/** Creates a role in any account; its ARN. */
export async function createRole(
  cloud: Cloud,
  account: string,
  RoleName: string,
  AssumeRolePolicyDocument: string,
  PolicyDocument?: string,
): Promise<string> {
  const context = contextOf(cloud, account);
  await known(iam.CreateRole).handle({ RoleName, AssumeRolePolicyDocument }, context);
  if (PolicyDocument !== undefined) await known(iam.PutRolePolicy).handle({ RoleName, PolicyName: 'p', PolicyDocument }, context);
  return `arn:aws:iam::${account}:role/${RoleName}`;
}
