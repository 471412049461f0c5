import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { cliLines } from '../../src/aws/cli-line.ts';
import { installedCliVersion } from '../../src/aws/installed-cli.ts';
import { environmentFor } from '../support/environment.ts';
import { snapshot } from '../support/snapshot.ts';
import { type Bench, failed, openBench, stepOf } from '../support/step-bench.ts';
import { type Preparation, prepare, stepExamples } from '../support/step-examples.ts';

const installed = isInstalled('aws') && isInstalled('zip');
const reason = installed ? '' : ' (skipped: the programs aws and zip are not installed here)';
const version = await installedCliVersion();

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Questions and commands make no calls.
const bound = await Promise.all(stepExamples.map(async (example) => ({ example, step: await stepOf(example.uses, example.with) })));
const withCalls = bound.filter(({ step }) => step.explain().length > 0).map(({ example }) => example);

const benches: Bench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** A sandbox in which the steps have been done. */
async function benchWith(steps: readonly Preparation[]): Promise<Bench> {
  const bench = await openBench();
  benches.push(bench);
  await prepare(bench, steps);
  return bench;
}

/** Pastes commands into a shell that is set up for the sandbox. */
async function paste(commands: readonly string[], { sandbox }: Bench): Promise<void> {
  // What Node listens at is a socket, and /dev/stdout cannot be opened where it is one.
  const script = `set -o pipefail\n{ ${commands.join('\n')}\n} | cat`;
  await promisify(execFile)('bash', ['-euc', script], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      ...environmentFor(sandbox, sandbox.credentials),
      AWS_PAGER: '',
    },
  });
}

describe('the CLI lines of a step, pasted into a shell,', () => {
  it.skipIf(!installed).each(withCalls)(
    `leave behind what the step does: $uses, example $number${reason}`,
    async ({ uses, with: input, before }) => {
      const step = await stepOf(uses, input);
      const byRunner = await benchWith([...before, { uses, with: input }]);
      const byHand = await benchWith(before);
      const writes = step.explain();
      await paste(
        writes.flatMap((call) => cliLines(call, { version })),
        byHand,
      );
      if (step.leavesTrace()) expect(failed(await step.check(byHand.visit({ readOnly: true }).context))).toEqual([]);
      expect(await snapshot(byHand.visit().context.aws)).toEqual(await snapshot(byRunner.visit().context.aws));
    },
    60_000,
  );
});
