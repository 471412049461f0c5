import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { sendSigned, sign } from '../../support/signed-request.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function stsOf({ endpoint, region }: Sandbox, credentials: Keys): STSClient {
  return new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
}

async function whoIs(sandbox: Sandbox, credentials: Keys): Promise<string | undefined> {
  const sts = stsOf(sandbox, credentials);
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  } finally {
    sts.destroy();
  }
}

const madeUp = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' };

describe('a sandbox that takes any credentials', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ account: '111122223333', anyCredentials: true });
  });
  afterAll(() => sandbox.stop());

  it('takes an access key id of twelve digits for the account', async () => {
    const keys = { accessKeyId: '123456789012', secretAccessKey: 'whatever' };
    expect(await whoIs(sandbox, keys)).toBe('arn:aws:iam::123456789012:root');
  });

  it.each(['test', 'AKIAIOSFODNN7EXAMPLE', '12345678901', '1234567890123'])('takes %s for its own account', async (accessKeyId) => {
    expect(await whoIs(sandbox, { accessKeyId, secretAccessKey: 'test', sessionToken: 'test' })).toBe('arn:aws:iam::111122223333:root');
  });

  it('verifies the sessions that it has issued all the same, and what they may do', async () => {
    const keys = { accessKeyId: '123456789012', secretAccessKey: 'any' };
    const iam = new IAMClient({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: keys });
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] };
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: JSON.stringify(trust) }));
    const sts = stsOf(sandbox, keys);
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'me' }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect(await whoIs(sandbox, session)).toBe('arn:aws:sts::123456789012:assumed-role/reader/me');
    await expect(whoIs(sandbox, { ...session, secretAccessKey: 'guessed' })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    const kinesis = new KinesisClient({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: session });
    await expect(kinesis.send(new ListStreamsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    for (const client of [iam, sts, kinesis]) client.destroy();
  });

  it('takes a request that is signed for no service, as one for an address is', async () => {
    const signer = { ...sandbox, credentials: madeUp, service: '' };
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' };
    const answer = await sendSigned(signer, await sign(signer, { headers, body: '{}' }));
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"StreamNames":[]') });
  });

  it('wants a region even so', async () => {
    await expect(whoIs({ ...sandbox, region: 'nowhere' }, madeUp)).rejects.toThrow('Credential should be scoped to a valid region.');
  });
});

describe('a sandbox with keys that were chosen', () => {
  it('knows them, and no others', async () => {
    const key = { account: '444455556666', accessKeyId: 'AKIACHOSENKEY0000001', secretAccessKey: 'chosen secret' };
    const sandbox = await startSandbox({ rootKeys: [key] });
    expect(await whoIs(sandbox, key)).toBe('arn:aws:iam::444455556666:root');
    await expect(whoIs(sandbox, { ...key, secretAccessKey: 'another' })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(whoIs(sandbox, madeUp)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    await sandbox.stop();
  });

  it('refuses one that is given twice', async () => {
    const key = { account: '444455556666', accessKeyId: 'AKIACHOSENKEY0000001', secretAccessKey: 'chosen secret' };
    await expect(startSandbox({ rootKeys: [key, { ...key, account: '777788889999' }] })).rejects.toThrow(RangeError);
  });
});
