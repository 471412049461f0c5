import { UserError } from '../util/user-error.ts';
import { authenticate } from './auth/authenticate.ts';
import { readClaim } from './auth/claim.ts';
import { restRefusals } from './auth/refusals.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './error.ts';
import { faultText, parseFault } from './fault.ts';
import { checkOperations } from './fault-check.ts';
import { plain, type WireRequest, type WireResponse } from './wire.ts';

export const faultPath = '/_sandbox/faults';

/**
 * The sandbox's own call, by which a test or a person tells one that is running to misbehave: GET lists the faults, POST
 * adds those of `{"faults":["kinesis:PutRecord=throttle"]}`, DELETE forgets all. Each answers with the list. It is signed
 * like any call, for whatever service; a role's session may not make it, so that no function can.
 */
export async function controlFaults(cloud: Cloud, request: WireRequest): Promise<WireResponse> {
  try {
    admit(cloud, request);
    if (request.method === 'POST') await addFaults(cloud, request);
    else if (request.method === 'DELETE') cloud.faults.clear();
    else if (request.method !== 'GET') throw new AwsError('MethodNotAllowed', 'There is GET, POST and DELETE.', { status: 405 });
    return plain(200, { faults: cloud.faults.list.map(({ fault, met }) => ({ fault: faultText(fault), met })) });
  } catch (error) {
    if (error instanceof UserError)
      return plain(400, { __type: 'ValidationException', message: `${error.message} ${error.hint ?? ''}`.trim() });
    if (error instanceof AwsError) return plain(error.status, { __type: error.code, message: error.message });
    throw error;
  }
}

function admit(cloud: Cloud, request: WireRequest): void {
  const claim = readClaim(request);
  if (claim === undefined) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  const { principal } = authenticate(cloud, request, claim, { signingName: claim.service, refusals: restRefusals });
  if (principal.kind === 'root') return;
  throw new AwsError('AccessDeniedException', `User: ${principal.arn} may not make the sandbox misbehave.`, { status: 403 });
}

async function addFaults(cloud: Cloud, { body }: WireRequest): Promise<void> {
  const faults = textsOf(body).map(parseFault);
  await checkOperations(faults);
  cloud.faults.add(...faults);
}

function textsOf(body: Buffer): readonly string[] {
  const form = 'The body has to be JSON, {"faults":["kinesis:PutRecord=throttle,times=3"]}.';
  let content: unknown;
  try {
    content = JSON.parse(body.toString('utf8'));
  } catch {
    throw new UserError(form);
  }
  const faults = typeof content === 'object' && content !== null && 'faults' in content ? content.faults : undefined;
  if (!Array.isArray(faults) || !faults.every((each) => typeof each === 'string')) throw new UserError(form);
  return faults;
}
