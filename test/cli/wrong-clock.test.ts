import { describe, expect, it } from 'vitest';
import { RunningCli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';

const lasting = lastingSandbox();
const steps = [
  'stream',
  'record',
  [
    'id: reread',
    'uses: kinesis/read',
    'with:',
    '  stream: ${{ names.stream }}',
    '  iterator: AT_TIMESTAMP',
    '  timestamp: ${{ learner.started }}',
    '  expect: { count: 1 }',
  ],
] as const;

/** The program on a machine whose clock is so many minutes ahead. */
function start(minutes: number): RunningCli {
  const home = temporaryFolder();
  const clock = `
    const now = Date.now;
    globalThis.Date = class extends Date {
      constructor(...parts) { parts.length === 0 ? super(Date.now()) : super(...parts); }
      static now() { return now() + ${minutes} * 60_000; }
    };`;
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(clock)}`;
  return new RunningCli(['start', writeLab(home, steps), '--yes'], { home, env: { ...lasting.env, NODE_OPTIONS } });
}

describe('a machine whose clock is wrong', () => {
  it.each([
    [45, '45 minutes ahead of'],
    [-600, '600 minutes behind'],
  ])('does a lab by the time of AWS, and is told so: by %i minutes', async (minutes, difference) => {
    const { code, stdout, stderr } = await start(minutes).ended();
    expect(stderr).toContain(`The clock of this machine is ${difference} that of AWS. Here AWS's counts; `);
    expect(stdout).not.toContain('the clock of this machine is wrong');
    expect(stdout).toMatch(/Done\. 3 of 3 steps met, [\s\S]*Nothing is left behind\./);
    expect(code).toBe(0);
  });

  it('is none whose clock is off by seconds', async () => {
    const { code, stderr } = await start(0.4).ended();
    expect(stderr).not.toContain('The clock');
    expect(code).toBe(0);
  });
});
