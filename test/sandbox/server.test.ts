import { connect as connectHttp2 } from 'node:http2';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { send, sendBytes } from '../support/raw-http.ts';
import { sendSigned, sign } from '../support/signed-request.ts';

let sandbox: Sandbox;
const bugs: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ onBug: (error) => bugs.push(error) });
});

afterAll(async () => {
  await sandbox.stop();
  expect(bugs).toEqual([]);
});

function config(overrides: { readonly secretAccessKey?: string; readonly accessKeyId?: string } = {}) {
  return { endpoint: sandbox.endpoint, region: sandbox.region, credentials: { ...sandbox.credentials, ...overrides } };
}

async function failure(call: Promise<unknown>): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('The call was answered.');
}

describe('one port', () => {
  it('speaks HTTP/2 to the Kinesis client as it comes', async () => {
    const kinesis = new KinesisClient(config());
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    kinesis.destroy();
  });

  it('speaks HTTP/1.1 to the same client when it is told so', async () => {
    const kinesis = new KinesisClient({ ...config(), requestHandler: new NodeHttpHandler() });
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    kinesis.destroy();
  });

  it('answers many requests at once on one HTTP/2 connection', async () => {
    const kinesis = new KinesisClient(config());
    const answers = await Promise.all(Array.from({ length: 100 }, () => kinesis.send(new ListStreamsCommand({}))));
    expect(answers).toHaveLength(100);
    kinesis.destroy();
  });

  it('outlives bytes that are no HTTP at all, and HTTP/2 that breaks off', async () => {
    await sendBytes(sandbox.port, Buffer.from('\x16\x03\x01\x02\x00 hello, is this TLS?\r\n\r\n'));
    await sendBytes(sandbox.port, Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(400, 0xff)]));
    await sendBytes(sandbox.port, Buffer.from('PRI'));
    expect((await send(sandbox.port, { method: 'GET', path: '/_sandbox/health' })).status).toBe(200);
  });

  it('is free again after the sandbox has stopped, even with connections open', async () => {
    const first = await startSandbox();
    const session = connectHttp2(first.endpoint);
    session.on('error', () => undefined);
    await new Promise<void>((resolve) => session.once('connect', () => resolve()));
    await first.stop();
    const second = await startSandbox({ port: first.port });
    expect(second.port).toBe(first.port);
    await second.stop();
    session.destroy();
  });

  it('that is taken is the error of the operating system', async () => {
    await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('who may ask', () => {
  it('whoever has the credentials of this run', async () => {
    const sts = new STSClient(config());
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:root',
      UserId: '000000000000',
    });
    sts.destroy();
  });

  it('not who signs with another secret', async () => {
    const kinesis = new KinesisClient(config({ secretAccessKey: 'guessed' }));
    const refused = await failure(kinesis.send(new ListStreamsCommand({})));
    expect(refused).toMatchObject({ name: 'InvalidSignatureException', status: 400 });
    expect(refused.message).toContain('does not match the signature you provided');
    kinesis.destroy();
  });

  it('not who comes with an access key id that was never issued', async () => {
    const kinesis = new KinesisClient(config({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }));
    expect(await failure(kinesis.send(new ListStreamsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
    kinesis.destroy();
  });

  it('not the credentials of another sandbox', async () => {
    const other = await startSandbox();
    const sts = new STSClient({ ...config(), credentials: other.credentials });
    expect(await failure(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    sts.destroy();
    await other.stop();
  });

  it('not without a signature', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' };
    const answer = await send(sandbox.port, { headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' });
  });

  it('and a request that was signed by hand is as good as any', async () => {
    const answer = await signed('{}');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
  });
});

describe('what nobody has', () => {
  it('an operation that AWS does not have is unknown', async () => {
    const answer = await signed('{}', 'Kinesis_20131202.MakeCoffee');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ __type: 'UnknownOperationException' });
  });

  it('a service that AWS has and the sandbox does not is refused by name, in the form that its clients read', async () => {
    const scope = 'AKIAAAAAAAAAAAAAAAAA/20261124/us-east-1/sns/aws4_request';
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
    const headers = { authorization, 'x-amz-date': '20261124T090000Z' };
    const answerTo = (type: string) => send(sandbox.port, { headers: { ...headers, 'content-type': type }, body: 'Action=ListTopics' });
    const message = "This sandbox has no service that answers to 'sns'.";
    expect((await answerTo('application/x-www-form-urlencoded; charset=utf-8')).body).toBe(
      `<ErrorResponse><Error><Type>Sender</Type><Code>UnknownOperationException</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
    expect(JSON.parse((await answerTo('application/json')).body)).toEqual({ __type: 'UnknownOperationException', message });
  });

  it('a form that is not signed is refused in the words of the services that take forms', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await send(sandbox.port, { headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>');
  });

  it('those who have no credentials yet are told by name that STS does not give them any here', async () => {
    const sts = new STSClient({ ...config(), maxAttempts: 1 });
    const command = { RoleArn: 'arn:aws:iam::000000000000:role/r', RoleSessionName: 'me', WebIdentityToken: 'token' };
    expect(await failure(sts.send(new AssumeRoleWithWebIdentityCommand(command)))).toEqual({
      name: 'NotImplemented',
      message: 'sts:AssumeRoleWithWebIdentity exists on AWS and is not implemented by this sandbox.',
      status: 501,
    });
    sts.destroy();
  });

  it('an operation that AWS has and the sandbox does not is refused by name', async () => {
    const answer = await signed('{}', 'Kinesis_20131202.ListChannels');
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'NotImplemented', message: expect.stringContaining('kinesis:ListChannels') });
  });

  it('a service that the sandbox does not have is named', async () => {
    const answer = await signed('{}', 'DynamoDB_20120810.ListTables', 'dynamodb');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('DynamoDB_20120810.ListTables');
  });

  it('a body that is no JSON is a serialization error', async () => {
    const answer = await signed('{"Limit":');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({ __type: 'SerializationException' });
  });
});

/** A request to Kinesis that no SDK made, signed with the credentials of the sandbox. */
async function signed(body: string, target = 'Kinesis_20131202.ListStreams', service = 'kinesis') {
  const signer = { ...sandbox, service };
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return sendSigned(signer, await sign(signer, { headers, body }));
}
