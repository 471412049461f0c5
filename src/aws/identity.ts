import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { wallClock } from '../util/clock.ts';
import { ExitCode } from '../util/exit-code.ts';
import { keepSecret } from '../util/secrets.ts';
import { UserError } from '../util/user-error.ts';
import { apiCall } from './api-call.ts';
import type { Aws } from './aws.ts';
import { credentialFailure } from './call-failure.ts';
import { openSession } from './session.ts';
import type { Target } from './target.ts';
import { createWait } from './wait.ts';

/** Whose credentials they are, as AWS says. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** ARN. */
  readonly principal: string;
}

/**
 * Asks AWS whose the credentials of a target are: the first call to it, and the one that needs no permission.
 * @returns the same target, whose credentials stay those of that account and principal: where they are renewed and have become
 * somebody else's, whoever asks for them gets an error instead, so that nothing can be signed with them. Where the clock of this
 * machine is wrong, the target has AWS's.
 * @throws {UserError} when there are no credentials, they have expired, or nobody answers.
 */
export async function identify(target: Target): Promise<Identity & { readonly target: Target }> {
  const { credentials } = target;
  if (typeof credentials !== 'function') {
    keepSecrets(credentials);
    const { identity, clock } = await whoseAre(credentials, target);
    return { ...identity, target: { ...target, ...clock } };
  }
  const first = await resolved(credentials);
  const { identity, clock } = await whoseAre(first, target);
  const known = { ...target, ...clock };
  return { ...identity, target: { ...known, credentials: held(credentials, first, identity, known) } };
}

/** Credentials that are asked about each time they have changed, before anybody can use them. */
function held(
  provider: AwsCredentialIdentityProvider,
  first: AwsCredentialIdentity,
  identity: Identity,
  target: Target,
): AwsCredentialIdentityProvider {
  const asked = new Map<string, Promise<Identity>>([[first.accessKeyId, Promise.resolve(identity)]]);
  return async () => {
    const current = await resolved(provider);
    const key = current.accessKeyId;
    const asking = asked.get(key) ?? whoseAre(current, target).then(({ identity: its }) => its);
    asked.set(key, asking);
    // What could not be asked now can be later.
    const now = await asking.catch((error) => {
      asked.delete(key);
      throw error;
    });
    if (now.account === identity.account && whoIs(now.principal) === whoIs(identity.principal)) return current;
    throw new UserError(
      `The credentials have changed in the middle of the work: they were those of ${identity.principal}, and are those of ${now.principal} now.`,
      {
        exitCode: ExitCode.couldNotRun,
        hint: `Nothing is done with them. Go back to the credentials of account ${identity.account}; kinesis-labs status says what is alive there, and kinesis-labs clean removes it.`,
      },
    );
  };
}

/** A principal without the name of its session, which is a new one with every renewal: what it may do is what its role may do. */
function whoIs(arn: string): string {
  return arn.replace(/^(arn:[\w-]+:sts::\d{12}:assumed-role\/[^/]+)\/.*$/, '$1');
}

async function resolved(provider: AwsCredentialIdentityProvider): Promise<AwsCredentialIdentity> {
  const found = await provider().catch((error: unknown) => {
    throw credentialFailure(error);
  });
  keepSecrets(found);
  if (found.expiration === undefined || found.expiration.getTime() > Date.now()) return found;
  throw new UserError(`The credentials have expired at ${found.expiration.toISOString()}.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'Sign in again: aws sso login, or whatever has made them.',
  });
}

function keepSecrets({ secretAccessKey, sessionToken }: AwsCredentialIdentity): void {
  keepSecret(secretAccessKey, sessionToken);
}

/** Answers tell whole seconds, and take a while. */
const sameClockMs = 2_000;

async function whoseAre(
  credentials: AwsCredentialIdentity,
  target: Target,
): Promise<{ readonly identity: Identity; readonly clock: Pick<Target, 'clockOffsetMs'> }> {
  const wait = createWait({ clock: wallClock });
  const session = openSession({ target: { ...target, credentials }, readOnly: true, clock: wallClock, wait });
  try {
    const identity = await askIdentity(session);
    const { clockOffsetMs } = session;
    return { identity, clock: Math.abs(clockOffsetMs) < sameClockMs ? {} : { clockOffsetMs } };
  } finally {
    session.destroy();
  }
}

/**
 * Asks AWS whose the credentials of a session are.
 * @throws {UserError} when there are none, they have expired, or nobody answers; and when it is not AWS that does.
 */
export async function askIdentity(aws: Aws): Promise<Identity> {
  const { Account, Arn } = await aws.call(apiCall('sts', 'GetCallerIdentity', {}));
  if (Account && /^\d{12}$/.test(Account)) return { account: Account, principal: Arn ?? 'unknown' };
  throw new UserError(`${aws.target.label} does not say which account the credentials belong to.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'Is it AWS that answers there? The program needs sts:GetCallerIdentity.',
  });
}
