import { randomUUID } from 'node:crypto';
import type { OperationName, ServiceName } from '../../util/sdk.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { assumableByService, sessionPrincipal } from '../iam/access.ts';
import { findRole } from '../iam/state.ts';
import type { Operation, RequestContext } from '../operation.ts';
import { carryOut } from '../operation-call.ts';

/** An operation with its input, as somebody is about to call it. */
export type Call = (context: RequestContext) => Promise<void>;

/** What comes of a call reaches only a dead-letter queue, as the code of an error: these are the codes of most services. */
const codes = { invalid: 'ValidationException', denied: { code: 'AccessDeniedException', status: 403 } };

/** A call that does what one that came by HTTP would do, checks included. */
export function callOf<Name extends ServiceName, Input extends object, Output>(
  service: Name,
  name: OperationName<Name> & string,
  operation: Operation<Input, Output>,
  input: Input,
): Call {
  return async (context) => {
    await carryOut({ service: { ...codes, name: service }, name, operation, input }, context);
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
