import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawAnswer, send } from '../support/raw-http.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../support/sandbox-clients.ts';
import { sendSigned, sign } from '../support/signed-request.ts';

let bench: SandboxUnderTest;
beforeAll(async () => {
  bench = await sandboxUnderTest();
});
afterAll(() => bench.stop());

type Keys = Parameters<SandboxUnderTest['as']>[0];

/** A signed request to the sandbox itself. */
async function control(method: string, content?: unknown, credentials: Keys = bench.sandbox.credentials): Promise<RawAnswer> {
  const body = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content);
  const signer = { ...bench.sandbox, credentials, service: 'sandbox' };
  return sendSigned(signer, await sign(signer, { method, path: '/_sandbox/faults', body }));
}

describe('the control call', () => {
  it('adds faults, lists them with how often they happened, and forgets them', async () => {
    expect(JSON.parse((await control('GET')).body)).toEqual({ faults: [] });
    const faults = ['iam:ListRoles=throttle,times=2', 'stream-create=30s'];
    expect(await control('POST', { faults })).toMatchObject({ status: 200 });
    await expect(bench.iam.listRoles({})).rejects.toThrow('Rate exceeded');
    expect(JSON.parse((await control('GET')).body)).toEqual({
      faults: [
        { fault: 'iam:ListRoles=throttle,times=2', met: 1 },
        { fault: 'stream-create=30s', met: 0 },
      ],
    });
    expect(JSON.parse((await control('DELETE')).body)).toEqual({ faults: [] });
    expect((await bench.iam.listRoles({})).Roles).toEqual([]);
  });

  it.each([
    [{ faults: ['iam:ListRoles=trottle'] }, 'The fault "iam:ListRoles=trottle" is not understood: a call cannot do "trottle".'],
    [{ faults: ['iam:ListRolls=throttle'] }, 'the sandbox has no operation ListRolls of iam. Did you mean "ListRoles"?'],
    [{ faults: 'iam:ListRoles=throttle' }, 'The body has to be JSON, {"faults":["kinesis:PutRecord=throttle,times=3"]}.'],
    ['iam:ListRoles=throttle', 'The body has to be JSON'],
  ])('refuses %j with one message, and adds nothing', async (content, message) => {
    const { status, body } = await control('POST', content);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ __type: 'ValidationException', message: expect.stringContaining(message) });
    expect(bench.sandbox.faults.list).toEqual([]);
  });

  it('knows no other methods', async () => {
    expect(await control('PUT')).toMatchObject({ status: 405 });
  });

  it('is made by nobody without credentials, with wrong ones, or in the name of a role', async () => {
    const path = '/_sandbox/faults';
    expect(await send(bench.sandbox.port, { method: 'GET', path })).toMatchObject({ status: 403 });
    const wrong = { ...bench.sandbox.credentials, secretAccessKey: 'another' };
    expect(await control('GET', undefined, wrong)).toMatchObject({ status: 403 });
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${bench.sandbox.account}:root` }, Action: 'sts:AssumeRole', Resource: undefined },
    ];
    await bench.iam.createRole({ RoleName: 'tester', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
    const RoleArn = `arn:aws:iam::${bench.sandbox.account}:role/tester`;
    const { Credentials } = await bench.sts.assumeRole({ RoleArn, RoleSessionName: 'tester' });
    const refused = await control('POST', { faults: ['*=error'] }, keysOf(Credentials));
    expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('may not tell the sandbox what to do') });
    expect(bench.sandbox.faults.list).toEqual([]);
  });
});
