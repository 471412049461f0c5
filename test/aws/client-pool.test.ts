import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import type { SdkClient } from '../../src/aws/client.ts';
import { createCommand } from '../../src/aws/client.ts';
import { ClientPool, type ClientUse } from '../../src/aws/client-pool.ts';
import { openSession } from '../../src/aws/session.ts';
import type { Target } from '../../src/aws/target.ts';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { patience } from '../support/patience.ts';

/** A pool that shows what was given back to it. */
class WatchedPool extends ClientPool {
  readonly back: SdkClient[] = [];
  override giveBack(client: SdkClient, use: ClientUse): void {
    this.back.push(client);
    super.giveBack(client, use);
  }
}

const lasting = lastingSandbox();
const whoAmI = apiCall('sts', 'GetCallerIdentity', {});
let pool: WatchedPool;
beforeEach(() => {
  pool = new WatchedPool();
});
afterEach(() => pool.close());

function session(target: Target, signal?: AbortSignal) {
  const ending = signal === undefined ? {} : { signal };
  return openSession({
    target,
    readOnly: true,
    clock: wallClock,
    wait: createWait({ clock: wallClock, ...ending }),
    clients: pool,
    ...ending,
  });
}

const accountOf = (account: string): Target => ({ ...lasting.target, credentials: lasting.sandbox.credentialsOf(account) });

it('lends one client to one session after the other, and it signs with the credentials of each', async () => {
  const seen: (string | undefined)[] = [];
  for (const account of ['200000000001', '200000000002', '200000000003']) {
    const aws = session(accountOf(account));
    seen.push((await aws.call(whoAmI)).Account);
    aws.destroy();
    await expect.poll(() => pool.back.length, patience).toBe(seen.length);
  }
  expect(seen).toEqual(['200000000001', '200000000002', '200000000003']);
  expect(new Set(pool.back).size).toBe(1);
});

it('gives sessions that are open at the same time a client each', async () => {
  const [one, other] = [session(accountOf('200000000001')), session(accountOf('200000000002'))];
  const seen = await Promise.all([one.call(whoAmI), other.call(whoAmI), one.call(whoAmI)]);
  expect(seen.map(({ Account }) => Account)).toEqual(['200000000001', '200000000002', '200000000001']);
  for (const each of [one, other]) each.destroy();
  await expect.poll(() => new Set(pool.back).size, patience).toBe(2);
});

it('keeps clients for other regions, and those that may write, apart', async () => {
  const use: ClientUse = { service: 'sts', target: accountOf('200000000001'), readOnly: true };
  const client = await pool.take(use);
  pool.giveBack(client, use);
  expect(await pool.take({ ...use, readOnly: false })).not.toBe(client);
  expect(await pool.take({ ...use, target: { ...use.target, region: 'eu-central-1' } })).not.toBe(client);
  expect(await pool.take({ ...use, target: accountOf('200000000002') })).toBe(client);
});

it('signs nothing with a client that nobody has', async () => {
  const use: ClientUse = { service: 'sts', target: accountOf('200000000001'), readOnly: true };
  const client = await pool.take(use);
  pool.giveBack(client, use);
  await expect(client.send(await createCommand(whoAmI), {})).rejects.toThrow('The client belongs to nobody.');
});

it('does not take a client back while a call of it is under way', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const ending = new AbortController();
  const aws = session({ ...accountOf('200000000001'), endpoint }, ending.signal);
  const calling = aws.call(whoAmI);
  await once(silent, 'request');
  aws.destroy();
  ending.abort(new Error('It has ended.'));
  await expect(calling).rejects.toThrow('It has ended.');
  expect(pool.back).toEqual([]);
  silent.closeAllConnections();
  silent.close();
});
