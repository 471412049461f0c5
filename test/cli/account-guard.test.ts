import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmAccount } from '../../src/cli/account-guard.ts';
import type { Prompter } from '../../src/cli/prompter.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { OpenTarget } from '../../src/cli/target.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { wallClock } from '../../src/util/clock.ts';
import { temporaryFolder } from '../support/cli.ts';
import { planOf, testTarget } from '../support/stream-lab.ts';

const plan = planOf([{ id: 'orders', with: { name: 'orders' } }]);
const signal = new AbortController().signal;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ account: '123456789012' });
});
afterAll(() => sandbox.stop());

function rig(over: { billed?: boolean; interactive?: boolean; answer?: boolean } = {}) {
  const said: string[] = [];
  const asked: string[] = [];
  const io: Surroundings = {
    env: { KINESIS_LABS_HOME: temporaryFolder() },
    cwd: '/',
    interactive: over.interactive ?? true,
    colour: false,
    width: 80,
    out: () => undefined,
    reveal: () => undefined,
    err: (text) => void said.push(text),
  };
  const prompter: Prompter = {
    choose: async () => {
      throw new Error('There is nothing to choose.');
    },
    input: async () => {
      throw new Error('There is nothing to type.');
    },
    confirm: async (message) => {
      asked.push(message);
      return over.answer ?? false;
    },
  };
  const open: OpenTarget = {
    target: { ...testTarget, endpoint: sandbox.endpoint, credentials: sandbox.credentials, billed: over.billed ?? true },
    account: '123456789012',
    principal: 'arn:aws:iam::123456789012:user/ada',
    clock: wallClock,
    environment: {},
    close: async () => undefined,
  };
  return {
    said,
    asked,
    confirm: (account?: string) => confirmAccount(open, account ? { account } : {}, io, { prompter, signal, plans: [plan] }),
  };
}

describe('before anything is written to an account that costs money', () => {
  it('shows which account it is, and what will cost something, and asks', async () => {
    const { confirm, said, asked } = rig({ answer: true });
    await confirm();
    expect(said.join('')).toBe(
      `Account 123456789012, region us-east-1, at ${sandbox.endpoint}, as arn:aws:iam::123456789012:user/ada.\n` +
        'What costs money for as long as it exists, at the list prices of us-east-1:\n  stream orders: $0.015 an hour (per shard)\n',
    );
    expect(asked).toEqual(['Is this the right account?']);
  });

  it('ends when the answer is no', async () => {
    await expect(rig({ answer: false }).confirm()).rejects.toThrow('Nothing was done.');
  });

  it('does not ask when the command line has named the account', async () => {
    const { confirm, asked } = rig({ interactive: false });
    await confirm('123456789012');
    expect(asked).toEqual([]);
  });

  it('ends where there is nobody to ask, and says how to name the account', async () => {
    await expect(rig({ interactive: false }).confirm()).rejects.toMatchObject({
      hint: 'Say so on the command line: --account 123456789012',
    });
  });

  it('says nothing about a target that costs nothing', async () => {
    const { confirm, said, asked } = rig({ billed: false });
    await confirm();
    expect([said, asked]).toEqual([[], []]);
  });
});
