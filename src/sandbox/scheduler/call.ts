import { randomUUID } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { assumableByService, denialText, findDenial, sessionPrincipal } from '../iam/access.ts';
import { findRole } from '../iam/state.ts';
import type { Operation, RequestContext } from '../operation.ts';
import { validate } from '../validate.ts';

/** An operation with its input, as somebody is about to call it. */
export type Call = (context: RequestContext) => Promise<void>;

/** A call that does what one that came by HTTP would do, checks included. @param action the IAM action, where the operation has none of its own */
export function callOf<Input extends object, Output>(operation: Operation<Input, Output>, action: string, input: Input): Call {
  return async (context) => {
    if (operation.constraints) validate({ ...input } as Readonly<Record<string, unknown>>, operation.constraints, 'ValidationException');
    const denied = findDenial(context.cloud, context.principal, operation.action ?? action, operation.resources?.(input, context) ?? [], {
      policyOf: (resource) => operation.resourcePolicy?.(resource, context),
    });
    if (denied !== undefined) throw new AwsError('AccessDeniedException', denialText(denied), { status: 403 });
    await operation.handle(input, context);
  };
}

interface Caller {
  readonly cloud: Cloud;
  readonly roleArn: string;
  /** What the call is made for: conditions of the role's trust policy can ask for it. */
  readonly sourceArn: string;
  readonly region: string;
}

/** Whether EventBridge Scheduler may act in the name of a role. */
export function assumable({ cloud, roleArn, sourceArn }: Omit<Caller, 'region'>): boolean {
  return assumableByService(cloud, roleArn, 'scheduler.amazonaws.com', { 'aws:SourceArn': sourceArn });
}

/** Calls in the name of a role. @throws {AwsError} what the service answers, or AccessDeniedException where the role is not to be had */
export async function callAs(caller: Caller, call: Call): Promise<void> {
  const { cloud, roleArn, region } = caller;
  const role = findRole(cloud, roleArn);
  if (role === undefined || !assumable(caller)) {
    // The text is unverified.
    throw new AwsError('AccessDeniedException', `EventBridge Scheduler is unable to assume the role ${roleArn}.`, { status: 403 });
  }
  const principal = sessionPrincipal(role, randomUUID().replaceAll('-', ''));
  await call({
    account: principal.account,
    region,
    cloud,
    principal,
    requestId: randomUUID(),
    headers: {},
    endpoint: cloud.endpoint,
    wait: (until) => until(cloud.signal),
    over: () => cloud.signal,
  });
}
