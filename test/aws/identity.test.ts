import type { AwsCredentialIdentity } from '@smithy/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { identify } from '../../src/aws/identity.ts';
import { openSession } from '../../src/aws/session.ts';
import type { Target } from '../../src/aws/target.ts';
import { createWait } from '../../src/aws/wait.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { wallClock } from '../../src/util/clock.ts';
import { masked } from '../../src/util/redact.ts';
import { roleSession } from '../support/role-session.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ account: '111122223333' });
});
afterAll(() => sandbox.stop());

function target(credentials: Target['credentials']): Target {
  return { label: 'test', endpoint: sandbox.endpoint, region: 'us-east-1', credentials, propagationMs: 0, billed: true };
}

/** A target whose credentials are whatever `current` is, as with a file that somebody changes. */
function changing(first: AwsCredentialIdentity) {
  const state = { current: first };
  // About to expire, so that the SDK asks for them before each call.
  const provider = async () => ({ ...state.current, expiration: new Date(Date.now() + 60_000) });
  return { state, target: target(provider) };
}

async function streams(at: Target): Promise<unknown> {
  const session = openSession({ target: at, clock: wallClock, wait: createWait({ clock: wallClock }) });
  try {
    return await session.call(apiCall('kinesis', 'ListStreams', {}));
  } finally {
    session.destroy();
  }
}

describe('credentials', () => {
  it('belong to an account and a principal', async () => {
    expect(await identify(target(sandbox.credentials))).toMatchObject({
      account: '111122223333',
      principal: 'arn:aws:iam::111122223333:root',
    });
  });

  it('are secrets from then on', async () => {
    await identify(target(async () => sandbox.credentials));
    expect(masked(`key ${sandbox.credentials.secretAccessKey}`)).toBe('key <hidden>');
  });

  it('can be renewed: other keys of the same principal go on working', async () => {
    const { state, target: changed } = changing(sandbox.credentials);
    const { target: held } = await identify(changed);
    state.current = sandbox.credentialsOf('111122223333');
    expect(await streams(held)).toMatchObject({ StreamNames: [] });
  });

  it('can be renewed with another name of the session, as roles are', async () => {
    const session = async (name: string) =>
      (await roleSession(sandbox, 'teacher', [{ Effect: 'Allow', Action: 'kinesis:*', Resource: '*' }], name)).credentials;
    const { state, target: changed } = changing(await session('morning'));
    const { target: held } = await identify(changed);
    state.current = await session('noon');
    expect(await streams(held)).toMatchObject({ StreamNames: [] });
  });

  it('sign nothing once they are those of another account', async () => {
    const { state, target: changed } = changing(sandbox.credentials);
    const { target: held } = await identify(changed);
    state.current = sandbox.credentialsOf('444455556666');
    await expect(streams(held)).rejects.toMatchObject({
      message:
        'The credentials have changed in the middle of the work: they were those of arn:aws:iam::111122223333:root, and are those of arn:aws:iam::444455556666:root now.',
      exitCode: 3,
    });
    state.current = sandbox.credentials;
    expect(await streams(held)).toMatchObject({ StreamNames: [] });
  });

  it('sign nothing once they are those of another role', async () => {
    const role = async (name: string) => (await roleSession(sandbox, name, [{ Effect: 'Allow', Action: '*', Resource: '*' }])).credentials;
    const { state, target: changed } = changing(await role('one'));
    const { target: held } = await identify(changed);
    state.current = await role('other');
    await expect(streams(held)).rejects.toThrow(/assumed-role\/one\/tester, and are those of .*assumed-role\/other\/tester now/);
  });

  it('that have expired are told as that', async () => {
    const { accessKeyId, secretAccessKey } = sandbox.credentials;
    const expired = target(async () => ({ accessKeyId, secretAccessKey, expiration: new Date('2026-01-01T00:00:00Z') }));
    await expect(identify(expired)).rejects.toThrow('The credentials have expired at 2026-01-01T00:00:00.000Z.');
  });

  it.each([
    [
      'a credential_process that fails',
      'Command failed: /opt/login --password hunter2\nWrong password=hunter2 for ada\n',
      'the credential_process of the profile failed. Wrong password=<hidden> for ada',
    ],
    [
      'an SSO session that is over',
      'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
      'The SSO session associated with this profile has expired.',
    ],
  ])('that cannot be loaded are told with the reason, and without a secret: %s', async (_, message, told) => {
    const failing = target(async () => {
      throw Object.assign(new Error(message), { name: 'CredentialsProviderError' });
    });
    const failure = await identify(failing).catch((error: Error) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining(`No AWS credentials could be loaded: ${told}`), exitCode: 3 });
    expect((failure as Error).message).not.toContain('hunter2');
  });
});
