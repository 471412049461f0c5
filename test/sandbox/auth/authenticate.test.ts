import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import type { RawAnswer } from '../../support/raw-http.ts';
import { presign, type Signed, type Signer, sendSigned, sign } from '../../support/signed-request.ts';

let sandbox: Sandbox;
let session: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
const bugs: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ onBug: (error) => bugs.push(error) });
  const config = { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials };
  const [iam, sts, s3] = [new IAMClient(config), new STSClient(config), new S3Client({ ...config, forcePathStyle: true })];
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] };
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
  session = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  await s3.send(new CreateBucketCommand({ Bucket: 'signed' }));
  await s3.send(new PutObjectCommand({ Bucket: 'signed', Key: 'a key', Body: 'content' }));
  for (const client of [iam, sts, s3]) client.destroy();
});

afterAll(async () => {
  await sandbox.stop();
  expect(bugs).toEqual([]);
});

const listStreams = {
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
  body: '{}',
};
const whoAmI = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=GetCallerIdentity&Version=2011-06-15' };

function signer(service: string, over: Partial<Signer> = {}): Signer {
  const { port, region, credentials } = sandbox;
  return { port, region, credentials, service, ...over };
}

/** What came of a request to Kinesis, signed and then changed. */
async function refusalOf(change: (signed: Signed) => Signed, over: Partial<Signer> = {}): Promise<{ code: string; message: string }> {
  const by = signer('kinesis', over);
  const answer = await sendSigned(by, change(await sign(by, listStreams)));
  const { __type: code = `status ${answer.status}`, message = '' } = JSON.parse(answer.body) as { __type?: string; message?: string };
  return { code, message };
}

const same = (signed: Signed): Signed => signed;
const withHeaders =
  (headers: Record<string, string>) =>
  (signed: Signed): Signed => ({ ...signed, headers: { ...signed.headers, ...headers } });
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

describe('a signed request', () => {
  it('is taken, with long-term credentials and with temporary ones', async () => {
    for (const credentials of [sandbox.credentials, session]) {
      const by = signer('sts', { credentials });
      expect((await sendSigned(by, await sign(by, whoAmI))).status).toBe(200);
    }
  });

  it('is refused when anything of it was changed: body, path, query, method, a signed header', async () => {
    const changes: ((signed: Signed) => Signed)[] = [
      (signed) => ({ ...signed, body: '{"Limit":1}' }),
      (signed) => ({ ...signed, path: '/other' }),
      (signed) => ({ ...signed, path: '/?a=b' }),
      withHeaders({ 'x-amz-target': 'Kinesis_20131202.DescribeLimits' }),
      withHeaders({ host: 'localhost' }),
    ];
    for (const change of changes) expect(await refusalOf(change)).toMatchObject({ code: 'InvalidSignatureException' });
    const by = signer('sts');
    for (const change of [{ method: 'PUT' }, { headers: { 'content-type': 'application/json' } }]) {
      const signed = await sign(by, whoAmI);
      const answer = await sendSigned(by, { ...signed, ...change, headers: { ...signed.headers, ...change.headers } });
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('SignatureDoesNotMatch') });
    }
  });

  it('is refused with a header of AWS that is not signed, or without the host among what is', async () => {
    expect(await refusalOf(withHeaders({ 'x-amz-more': 'x' }))).toMatchObject({ code: 'InvalidSignatureException' });
    const without = (name: string) => (signed: Signed) => {
      const authorization = signed.headers['authorization']?.replace(new RegExp(`;?${name}(?=[;,])`), '') ?? '';
      return { ...signed, headers: { ...signed.headers, authorization } };
    };
    for (const name of ['host', 'x-amz-date', 'x-amz-target']) {
      expect(await refusalOf(without(name))).toMatchObject({ code: 'InvalidSignatureException' });
    }
  });

  it('is refused when it was signed too long ago, or will be', async () => {
    expect(await refusalOf(same, { at: minutes(-6) })).toEqual({
      code: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/),
    });
    expect(await refusalOf(same, { at: minutes(6) })).toEqual({
      code: 'InvalidSignatureException',
      message: expect.stringMatching(
        /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
      ),
    });
    for (const at of [minutes(-4), minutes(4)]) expect(await refusalOf(same, { at })).toEqual({ code: 'status 200', message: '' });
  });

  it('is refused with another day, region or service in its scope than it was signed for', async () => {
    const scope = (from: string | RegExp, to: string) => (signed: Signed) =>
      withHeaders({ authorization: signed.headers['authorization']?.replace(from, to) ?? '' })(signed);
    expect(await refusalOf(scope('/us-east-1/', '/eu-west-1/'))).toMatchObject({ code: 'InvalidSignatureException' });
    expect(await refusalOf(scope('/us-east-1/', '/nowhere/'))).toEqual({
      code: 'InvalidSignatureException',
      message: 'Credential should be scoped to a valid region.',
    });
    expect((await refusalOf(scope(/\/\d{8}\//, '/20200101/'))).message).toMatch(
      /^Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '\d{8}', from '\d{8}T\d{6}Z'\.$/,
    );
  });

  it('is refused by a service that it was not signed for, however right the signature', async () => {
    expect(await refusalOf(same, { service: 's3' })).toEqual({
      code: 'InvalidSignatureException',
      message: "Credential should be scoped to correct service: 'kinesis'.",
    });
    expect((await refusalOf(same, { service: '' })).message).toBe("Credential should be scoped to correct service: 'kinesis'.");
  });

  it('is refused with temporary credentials and another token, or none, and with a token where none belongs', async () => {
    const withoutToken = { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey };
    const cases = [
      { ...session, sessionToken: `${session.sessionToken.slice(0, -4)}AAA=` },
      { ...session, sessionToken: session.sessionToken.slice(1) },
      withoutToken,
      { ...sandbox.credentials, sessionToken: session.sessionToken },
    ];
    for (const credentials of cases) {
      expect(await refusalOf(same, { credentials })).toEqual({
        code: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      });
    }
  });

  it('is refused where half of the signature is missing', async () => {
    const cut = (signed: Signed) =>
      withHeaders({ authorization: signed.headers['authorization']?.replace(/Signature=.*/, '') ?? '' })(signed);
    expect(await refusalOf(cut)).toMatchObject({ code: 'IncompleteSignatureException' });
  });

  it('is refused when it announces the hash of another body', async () => {
    const by = signer('s3');
    const put = { method: 'PUT', path: '/signed/other', body: 'content' };
    const signed = await sign(by, put);
    expect((await sendSigned(by, { ...signed, body: 'changed' })).body).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
    expect((await sendSigned(by, signed)).status).toBe(200);
  });
});

describe('a body that is too large', () => {
  const tooLong = { 'content-length': '70167212' };

  it('is refused to those who have credentials, in the words of Lambda', async () => {
    const by = signer('lambda');
    const signed = await sign(by, { path: '/2015-03-31/functions', body: '{}' });
    const answer = await sendSigned(by, withHeaders(tooLong)(signed));
    expect([answer.status, answer.headers['x-amzn-errortype'], JSON.parse(answer.body).message]).toEqual([
      413,
      'RequestEntityTooLargeException',
      'Request must be smaller than 70167211 bytes for the CreateFunction operation',
    ]);
  });

  it('is not even looked at where there are none', async () => {
    const by = signer('kinesis', { credentials: { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'guessed' } });
    const answer = await sendSigned(by, withHeaders({ 'content-length': '100000' })(await sign(by, listStreams)));
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'UnrecognizedClientException' });
  });
});

describe('a presigned URL', () => {
  const object = { path: '/signed/a%20key' };

  async function get(change: (signed: Signed) => Signed = same, over: Partial<Signer> = {}, expiresIn = 60): Promise<RawAnswer> {
    const by = signer('s3', over);
    return sendSigned(by, change(await presign(by, object, expiresIn)));
  }

  it('lets in for what was signed, with long-term credentials', async () => {
    expect(await get()).toMatchObject({ status: 200, body: 'content' });
  });

  it('speaks for the session whose credentials it was signed with', async () => {
    const answer = await get(same, { credentials: session });
    expect([answer.status, answer.body]).toEqual([
      403,
      expect.stringContaining('assumed-role/r/test is not authorized to perform: s3:GetObject'),
    ]);
    const by = signer('sts', { credentials: session });
    const identity = await sendSigned(by, await presign(by, { query: { Action: 'GetCallerIdentity', Version: '2011-06-15' } }));
    expect(identity.body).toContain('assumed-role/r/test</Arn>');
  });

  it('is good for its time only', async () => {
    expect((await get(same, { at: minutes(-2) }, 60)).body).toContain('<Message>Request has expired</Message>');
    expect((await get(same, { at: minutes(-2) }, 180)).status).toBe(200);
    expect((await get(same, { at: minutes(20) })).body).toContain('<Message>Request is not valid yet</Message>');
    for (const expires of ['0', '-1', '604801', '1e3', '']) {
      const altered = (signed: Signed) => ({ ...signed, path: signed.path.replace('X-Amz-Expires=60', `X-Amz-Expires=${expires}`) });
      expect((await get(altered)).status).toBe(403);
    }
  });

  it('is good for nothing else: another key, another method, another service, one more parameter or header', async () => {
    const changes: ((signed: Signed) => Signed)[] = [
      (signed) => ({ ...signed, path: signed.path.replace('a%20key', 'other') }),
      (signed) => ({ ...signed, method: 'DELETE' }),
      (signed) => ({ ...signed, path: `${signed.path}&tagging=` }),
      (signed) => ({ ...signed, path: signed.path.replace(/(?<=X-Amz-Signature=).{64}/, 'a'.repeat(64)) }),
      withHeaders({ 'x-amz-copy-source': '/signed/other' }),
      withHeaders({ 'x-amz-target': 'Kinesis_20131202.ListStreams' }),
    ];
    for (const change of changes) expect((await get(change)).status).toBeGreaterThanOrEqual(400);
  });

  it('holds headers of AWS in its query', async () => {
    const by = signer('s3');
    const put = { method: 'PUT', path: '/signed/tagged', headers: { 'x-amz-tagging': 'a=1' }, body: '' };
    const signed = await presign(by, put);
    expect(signed.path).toContain('x-amz-tagging=');
    expect((await sendSigned(by, signed)).status).toBe(200);
    expect((await sendSigned(by, await presign(by, { path: '/signed/tagged', query: { tagging: '' } }))).body).toContain('<Key>a</Key>');
  });

  it('of the time before version 4 is refused with a word about it', async () => {
    const answer = await sendSigned(signer('s3'), {
      method: 'GET',
      path: '/signed/a%20key?AWSAccessKeyId=AKID&Signature=abc&Expires=1',
      headers: {},
      body: '',
    });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('Please use AWS4-HMAC-SHA256.')]);
  });
});
