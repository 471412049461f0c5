import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountTrust } from '../support/policies.ts';
import type { RawAnswer } from '../support/raw-http.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../support/sandbox-clients.ts';
import { sendSigned, sign } from '../support/signed-request.ts';

let bench: SandboxUnderTest;
beforeAll(async () => {
  bench = await sandboxUnderTest({ virtualTime: true });
});
afterAll(() => bench.stop());

type Keys = Parameters<SandboxUnderTest['as']>[0];

async function clock(method: string, content?: unknown, credentials: Keys = bench.sandbox.credentials): Promise<RawAnswer> {
  const signer = { ...bench.sandbox, credentials, service: 'sandbox' };
  const body = content === undefined ? '' : JSON.stringify(content);
  return sendSigned(signer, await sign(signer, { method, path: '/_sandbox/clock', body }));
}

const now = async (answer: Promise<RawAnswer>) => JSON.parse((await answer).body).now as number;

describe('the call for the time', () => {
  it('says what time it is, and lets it jump for whoever waits', async () => {
    const before = await now(clock('GET'));
    const begun = performance.now();
    const after = await now(clock('POST', { sleepMs: 3_600_000 }));
    expect(after - before).toBeGreaterThanOrEqual(3_600_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(bench.sandbox.clock.now()).toBeGreaterThanOrEqual(after);
  });

  it('lives on when whoever waits goes', async () => {
    const real = await sandboxUnderTest();
    try {
      const signer = { ...real.sandbox, service: 'sandbox' };
      const { method, path, headers, body } = await sign(signer, { path: '/_sandbox/clock', body: '{"sleepMs":60000}' });
      const { port } = real.sandbox;
      const leaving = request({ port, host: '127.0.0.1', method, path, headers });
      leaving.on('error', () => undefined).end(body);
      await once(leaving, 'finish');
      leaving.destroy();
      expect((await real.sts.getCallerIdentity({})).Account).toBe('000000000000');
    } finally {
      await real.stop();
    }
  });

  it.each([[{ sleepMs: -1 }], [{ sleepMs: '1' }], [{ sleepMs: 1e9 }], [{}], [[]]])('refuses to sleep for %j', async (content) => {
    const { status, body } = await clock('POST', content);
    expect(status).toBe(400);
    expect(JSON.parse(body).message).toBe('The body has to be JSON, {"sleepMs":1000}, with no more than 86400000.');
  });

  it('is for whoever has credentials, a role among them, and knows no other methods', async () => {
    await bench.iam.createRole({ RoleName: 'sleeper', AssumeRolePolicyDocument: accountTrust });
    const { Credentials } = await bench.sts.assumeRole({ RoleArn: 'arn:aws:iam::000000000000:role/sleeper', RoleSessionName: 'sleeping' });
    expect(await clock('POST', { sleepMs: 1 }, keysOf(Credentials))).toMatchObject({ status: 200 });
    expect(await clock('POST', { sleepMs: 1 }, { accessKeyId: 'AKIA0000000000000000', secretAccessKey: 'wrong' })).toMatchObject({
      status: 403,
    });
    expect(await clock('DELETE')).toMatchObject({ status: 405, body: expect.stringContaining('There is GET and POST.') });
  });
});
