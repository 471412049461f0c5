import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/aws/session.ts';
import { createCommandRunner } from '../../src/cli/command-runner.ts';
import { sandboxEnvironment } from '../../src/cli/sandbox-environment.ts';
import { cleanRun, resourceKinds } from '../../src/runner/clean.ts';
import { execute } from '../../src/runner/execute.ts';
import { refKey } from '../../src/runner/ledger.ts';
import { modes } from '../../src/runner/mode.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { verifyAccount } from '../../src/runner/verify/account.ts';
import type { AccountMarks, Expectation } from '../../src/runner/verify/verification.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { temporaryFolder } from '../support/cli.ts';
import { labPlan } from '../support/lab-plan.ts';

/** What is not met, and why: empty where all is. */
function missing({ steps }: AccountMarks): readonly string[] {
  return steps
    .filter(({ state }) => state !== 'met' && state !== 'left-out')
    .map(({ id, state, problem, findings }) => `${id} ${state}: ${problem?.message ?? JSON.stringify(findings.filter(({ ok }) => !ok))}`);
}

function leftOut({ steps }: AccountMarks): readonly string[] {
  return steps.filter(({ state }) => state === 'left-out').map(({ id }) => id);
}

describe('a lab that was really done', () => {
  it.each([
    ['01', [], ['list', 'describe', 'telemetry']],
    [
      '02',
      ['key', 'empty', 'expiry'],
      [
        'compare',
        'list',
        'first',
        'second',
        'third',
        'fourth',
        'key',
        'batch',
        'trim-horizon',
        'at',
        'after',
        'at-timestamp',
        'latest',
        'before',
        'reshard',
        'end',
        'empty',
        'expiry',
      ],
    ],
    ['03', ['longest', 'silence', 'key', 'average'], ['retention', 'longest', 'silence', 'readings', 'key', 'first-batch', 'average']],
    ['04', ['loop', 'latest'], ['loop', 'stored', 'delivered', 'latest']],
    [
      '05',
      ['calls', 'more-shards', 'how-long', 'metadata'],
      ['calls', 'more-shards', 'poison', 'victims', 'blocked', 'how-long', 'alone', 'told', 'metadata', 'found-again'],
    ],
  ])('lab %s, is met as it stands, and when all but its logs is gone', async (id, uncounted, unseen) => {
    const sandbox = await startSandbox({ virtualTime: true });
    try {
      const { endpoint, region, credentials, clock, account } = sandbox;
      const target = { label: endpoint, endpoint, region, credentials, propagationMs: 0, billed: false };
      const plan = await labPlan(id);
      const resources = await resourceKinds(stepKinds);
      const lab = { id, file: plan.lab.file };
      const ledger = beginLedger(
        { path: temporaryFolder() },
        { lab, target: { label: endpoint, region, account }, prefix: '', values: plan.values },
        () => clock.now(),
      );
      const never = new AbortController().signal;
      const runCommand = createCommandRunner({ environment: sandboxEnvironment(sandbox) }, { env: process.env });
      const common = { target, clock, ledger, openSession, report: () => undefined, abandon: never };
      expect(await execute({ ...common, plan, mode: modes.build, account, runCommand, signal: never })).toMatchObject({ outcome: 'met' });
      const look = (expected: Expectation) =>
        verifyAccount({ planWith: async () => plan, expect: expected, openTarget: async () => target, resources, clock, signal: never });
      const built = await look('built');
      expect([missing(built), leftOut(built), built.state]).toEqual([[], uncounted, 'met']);
      const only = new Set(ledger.live.filter(({ ref }) => ref.type !== 'logs:group').map(({ ref }) => refKey(ref)));
      expect(await cleanRun({ ...common, only, kindOf: (type) => resources.get(type) })).toEqual([]);
      const finished = await look('finished');
      expect([missing(finished), leftOut(finished), finished.state]).toEqual([[], unseen, 'met']);
      expect(await look('built')).not.toMatchObject({ state: 'met' });
    } finally {
      await sandbox.stop();
    }
  });
});
