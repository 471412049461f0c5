import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { execute } from '../../src/runner/execute.ts';
import type { Guide } from '../../src/runner/guide.ts';
import { modes } from '../../src/runner/mode.ts';
import { foresee } from '../../src/runner/preflight/planned-calls.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { temporaryFolder } from '../support/cli.ts';
import { inventory } from '../support/inventory.ts';
import { labPlan } from '../support/lab-plan.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ virtualTime: true });
});
afterAll(() => sandbox.stop());

it('what a learner makes ahead of the page is theirs, also what is named by what an earlier step makes, and goes at the end', async () => {
  const plan = await labPlan('01');
  const { endpoint, region, account, clock, credentials } = sandbox;
  const target = { label: 'test', endpoint, region, credentials, propagationMs: 0, billed: false };
  const wait = createWait({ clock });
  const byHand = openSession({ target, clock, wait });
  const made = ['role', 'stream', 'logger', 'mapping'];
  const asked: string[] = [];
  const guide: Guide = {
    async choose({ step: { block } }) {
      // At the first step they do all that the page comes to later.
      if (asked.length === 0) {
        const steps = foresee(plan, { partition: 'aws', region, account });
        const tools = { aws: byHand, wait, nonce: 'n', found: () => undefined, answered: () => undefined };
        for (const id of made) await steps.find(({ planned }) => planned.block.id === id)?.step.apply(tools);
      }
      asked.push(block.id);
      return made.includes(block.id) ? 'check' : 'apply';
    },
    confirmTeardown: async () => true,
  };
  const values = {
    lab: { id: '01', file: plan.lab.file },
    target: { label: 'test', region, account },
    prefix: '',
    set: {},
    values: plan.values,
  };
  const ledger = beginLedger({ path: temporaryFolder() }, values);
  const never = new AbortController().signal;
  const run = { plan, mode: modes.guide, guide, target, account, openSession, clock, ledger, signal: never, abandon: never };
  const { outcome, problem, steps, left } = await execute({ ...run, report: () => undefined });
  expect({ outcome, problem, left }).toEqual({ outcome: 'met', problem: undefined, left: [] });
  // Each was asked for once: what was there was what it should be.
  expect(asked).toEqual(steps.map(({ id }) => id));
  expect(await inventory(byHand)).toEqual([]);
  byHand.destroy();
  ledger.close();
});
