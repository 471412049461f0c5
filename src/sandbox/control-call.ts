import { UserError } from '../util/user-error.ts';
import { authenticate } from './auth/authenticate.ts';
import { readClaim } from './auth/claim.ts';
import { restRefusals } from './auth/refusals.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './error.ts';
import { plain, type WireRequest, type WireResponse } from './wire.ts';

/**
 * Answers one of the sandbox's own calls with JSON. It is signed like any call, for whatever service.
 * @param who `root` where a role's session may not make it, so that no function can.
 */
export async function answerControl(
  cloud: Cloud,
  request: WireRequest,
  who: 'root' | 'anybody',
  work: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<WireResponse> {
  try {
    admit(cloud, request, who);
    return plain(200, await work());
  } catch (error) {
    if (error instanceof UserError)
      return plain(400, { __type: 'ValidationException', message: `${error.message} ${error.hint ?? ''}`.trim() });
    if (error instanceof AwsError) return plain(error.status, { __type: error.code, message: error.message });
    throw error;
  }
}

function admit(cloud: Cloud, request: WireRequest, who: 'root' | 'anybody'): void {
  const claim = readClaim(request);
  if (claim === undefined) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
  const { principal } = authenticate(cloud, request, claim, { signingName: claim.service, refusals: restRefusals });
  if (who === 'anybody' || principal.kind === 'root') return;
  throw new AwsError('AccessDeniedException', `User: ${principal.arn} may not tell the sandbox what to do.`, { status: 403 });
}

/** @throws {AwsError} for a method that the call does not have. */
export function unknownMethod(...known: readonly string[]): AwsError {
  return new AwsError('MethodNotAllowed', `There is ${known.join(', ').replace(/, (\w+)$/, ' and $1')}.`, { status: 405 });
}

/** The JSON of a request's body, or `undefined` when it is none. */
export function controlContent({ body }: WireRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
