import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/runner/execute.ts';
import { modes } from '../../../src/runner/mode.ts';
import type { TerminalOptions } from '../../../src/runner/reporters/run-view.ts';
import { terminalReporter } from '../../../src/runner/reporters/terminal.ts';
import { UserError } from '../../../src/util/user-error.ts';
import { ill, orders, planOf, type Rig, rig } from '../../support/stream-lab.ts';

async function shown(run: Rig, options: Partial<TerminalOptions> = {}): Promise<string> {
  let text = '';
  const report = terminalReporter({
    write: (more) => {
      text += more;
    },
    width: 60,
    colour: false,
    detail: 'brief',
    calls: false,
    cliLines: (call) => [`aws ${call.operation}`],
    ...options,
  });
  await execute({ ...run.options, report });
  // How long it took is different each time.
  return text.replace(/ \d+(\.\d+)? (ms|s)\.$/m, ' TIME.');
}

describe('a run in the terminal', () => {
  it('is one block per step, a teardown, and what it came to', async () => {
    expect(await shown(rig(planOf([orders])))).toBe(`
Lab 07: Streams
Target: test, region us-east-1, account 000000000000.

Step 1 of 1: orders (Make orders, 10 points)
    aws CreateStream
  ✓ stream orders: healthy

Removing what the lab created
  ✓ stream orders

Done. 1 of 1 step met, 10 of 10 points, TIME.
Nothing is left behind.
`);
  });

  it('says of what is not met what was expected and observed, and what to do', async () => {
    expect(await shown(rig(planOf([ill])), { detail: 'quiet' })).toBe(`  ✗ stream ill
      expected: healthy
      observed: ill
      Look at it.

Not met: step "ill". 0 of 1 step met, 0 of 10 points, TIME.
Nothing is left behind.
`);
  });

  it('says why a run could not begin, once', async () => {
    const run = rig(planOf([orders]));
    run.streams.names.add('orders');
    const text = await shown(run, { detail: 'quiet', width: 100 });
    expect(text).toBe(`  ✗ The stream orders exists already, and this run did not create it.
    Give the resources of this lab other names with --prefix. If an earlier run left it behind,
    kinesis-labs clean removes it.

Could not run. 0 of 1 step met, 0 of 10 points, TIME.
Nothing is left behind.
`);
  });

  it('shows the prose and every answer to somebody who does the lab', async () => {
    const [step] = planOf([orders]).steps;
    const plan = { ...planOf([orders]), steps: step ? [{ ...step, prose: 'Before.', answerProse: 'The answer:' }] : [], closing: 'After.' };
    const guide = { choose: async () => 'apply' as const, confirmTeardown: async () => true };
    const run = rig(plan, { mode: modes.guide, guide });
    const text = await shown(run, { detail: 'full', renderMarkdown: (markdown) => `<${markdown}>` });
    const order = [
      '<Before.>',
      'Step 1 of 1',
      '<The answer:>',
      '"StreamName": "orders"',
      '✓ stream orders: healthy',
      'Met. 10 points.',
      '<After.>',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('shows every call when it is asked to', async () => {
    expect(await shown(rig(planOf([orders])), { calls: true })).toContain('  kinesis:CreateStream 1 ms ok (request r)\n');
  });

  it('lets nothing that AWS says act on the terminal', async () => {
    const run = rig(planOf([{ id: 'evil', with: { name: 'x\u001b[2J' } }]));
    const text = await shown(run);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('x\\u001b[2J');
  });

  it('keeps what AWS says within bounds, and from passing for what the reporter says', async () => {
    const run = rig(planOf([{ id: 'evil', with: { name: `x\n  ✓ stream y: ACTIVE${'z'.repeat(1_000_000)}` } }]));
    const text = await shown(run, { calls: true });
    expect(text.split('\n').filter((line) => line.startsWith('  ✓ stream y'))).toEqual([]);
    expect(text.length).toBeLessThan(60_000);
  });

  it('shows both ends of a long line of an answer: AWS says what is wrong behind what it quotes', async () => {
    const run = rig(planOf([orders]));
    run.streams.answerWith = { Message: `Value '${'v'.repeat(10_000)}' is too long` };
    const text = await shown(run, { detail: 'full', renderMarkdown: (markdown) => markdown });
    expect(text).toMatch(/"Message": "Value 'v{200,300} … v{200,300}' is too long"/);
  });

  it('shows the beginning of an answer of megabytes, and of an error of a megabyte', async () => {
    const large = rig(planOf([orders]));
    large.streams.answerWith = { Payload: 'p'.repeat(6_000_000), Lines: Array.from({ length: 100_000 }, (_, line) => line) };
    const answered = await shown(large, { detail: 'full', renderMarkdown: (markdown) => markdown, calls: true });
    expect(answered).toContain('more lines');
    expect(answered.length).toBeLessThan(20_000);
    const failing = rig(planOf([orders]));
    failing.streams.before = () => {
      throw new UserError(`No. ${'n'.repeat(1_000_000)}`);
    };
    const failed = await shown(failing);
    expect(failed).toContain('✗ No.\n    nnn');
    expect(failed.length).toBeLessThan(20_000);
  });
});
