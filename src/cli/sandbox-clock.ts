import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AwsCredentialIdentity } from '@smithy/types';
import { AccessLost } from '../aws/access-lost.ts';
import { connectionProblem, lookForServer } from '../aws/call-failure.ts';
import type { Target } from '../aws/target.ts';
import type { Clock } from '../util/clock.ts';
import { commonJs } from '../util/commonjs.ts';
import { ExitCode } from '../util/exit-code.ts';
import { isMapping } from '../util/json.ts';
import { Sha256 } from '../util/sha256.ts';
import { UserError } from '../util/user-error.ts';

const path = '/_sandbox/clock';

/**
 * The time of a sandbox in another process, that jumps over idleness (`sandbox --virtual-time`): whoever sleeps by it asks
 * the sandbox to be told when the time has come.
 * @throws {UserError} when there is no such clock at the target.
 * @throws {AccessLost} when nobody answers there any more.
 */
export async function openSandboxClock(target: Target): Promise<Clock> {
  let ahead = 0;
  const ask = async (sleepMs: number | undefined, signal?: AbortSignal): Promise<void> => {
    const now = await askClock(target, sleepMs, signal);
    ahead = now - Date.now();
  };
  await ask(undefined);
  return {
    now: () => Date.now() + ahead,
    sleep: (ms, signal) => ask(ms, signal),
    jumps: true,
  };
}

/** @returns what time it is there, in epoch milliseconds. @throws the signal's reason when `signal` aborts first. */
async function askClock(target: Target, sleepMs: number | undefined, signal: AbortSignal | undefined): Promise<number> {
  const { endpoint = '', region } = target;
  const { hostname, port, host } = new URL(endpoint);
  const method = sleepMs === undefined ? 'GET' : 'POST';
  const body = sleepMs === undefined ? '' : JSON.stringify({ sleepMs });
  const credentials: AwsCredentialIdentity = typeof target.credentials === 'function' ? await target.credentials() : target.credentials;
  const { SignatureV4 } = commonJs<typeof import('@smithy/signature-v4')>('@smithy/signature-v4');
  const signer = new SignatureV4({ service: 'sandbox', region, credentials, sha256: Sha256 });
  const unsigned = { method, protocol: 'http:', hostname, path, headers: { host }, body };
  const { headers } = await signer.sign(unsigned);
  try {
    signal?.throwIfAborted();
    const answer = await new Promise<unknown>((resolve, reject) => {
      const asking = request({ hostname, port, path, method, headers, ...(signal === undefined ? {} : { signal }) }, (response) => {
        json(response).then(resolve, reject);
      });
      asking.on('error', reject).end(body);
    });
    if (isMapping(answer) && typeof answer['now'] === 'number') return answer['now'];
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const problem = error instanceof Error ? connectionProblem(error) : undefined;
    if (problem === undefined) throw noClock(endpoint, error);
    const message = `${endpoint} did not answer when it was asked for the time: ${problem.reason}.`;
    throw new AccessLost(message, { hint: lookForServer, reason: 'network', scope: 'everything' });
  }
  throw noClock(endpoint);
}

function noClock(endpoint: string, cause?: unknown): UserError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new UserError(`${endpoint} does not say what time it is there${why}.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'KINESIS_LABS_VIRTUAL_TIME is for a sandbox that was started with --virtual-time. Unset it for any other target.',
    cause,
  });
}
