import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLab } from '../support/page.ts';
import { type ProgramBench, programBench } from '../support/program-bench.ts';

let bench: ProgramBench;
beforeEach(async () => {
  bench = await programBench();
});
afterEach(() => bench.stop());

describe('an interruption while something is being created', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'lets that call finish after %s, removes what it has made, and ends with 130',
    async (signal) => {
      bench.spoil('kinesis:CreateStream=1s');
      const running = bench.start('start', writeLab(bench.home, ['stream', 'record']), '--yes');
      await bench.met();
      running.kill(signal);
      const { code, stdout, stderr } = await running.ended();
      expect(stderr).toContain('Interrupted. What was created is removed; press Ctrl-C again to stop at once.');
      expect(stdout).toContain('… waiting for kinesis:CreateStream to be answered');
      expect(stdout).toContain('✓ stream orders');
      // Whoever has the answer need not look for late effects.
      expect(stdout).not.toContain('cut off');
      expect(stdout).toMatch(/Interrupted\. 0 of 2 steps met, .*\nNothing is left behind\.\n$/);
      expect(code).toBe(130);
      expect(bench.entries().map(({ entry }) => entry)).toEqual(['session', 'planned', 'intended', 'created', 'removed', 'ended']);
    },
  );

  it('does not try again what was turned away', async () => {
    bench.spoil('kinesis:CreateStream=throttle,times=99');
    const running = bench.start('start', writeLab(bench.home, ['stream']), '--yes');
    await running.shows('waiting for kinesis:CreateStream to be let through');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended();
    expect(stdout).not.toContain('cut off');
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(130);
    expect(bench.alive()).toEqual([]);
  });

  it('does not let a look at something finish', async () => {
    bench.spoil('kinesis:DescribeStreamSummary=10m,after=3');
    const running = bench.start('start', writeLab(bench.home, ['stream']), '--yes');
    await bench.met();
    running.kill('SIGINT');
    const { code, stdout } = await running.ended();
    expect(stdout).not.toContain('waiting for kinesis:DescribeStreamSummary');
    expect(stdout).toContain('✓ stream orders');
    expect(code).toBe(130);
  });

  it('stops at once the second time, says what is left and how to remove it, and that works', async () => {
    bench.spoil('kinesis:CreateStream=3s');
    const running = bench.start('start', writeLab(bench.home, ['stream', 'record']), '--yes');
    await bench.met();
    running.kill('SIGINT');
    await running.shows('waiting for kinesis:CreateStream to be answered');
    running.kill('SIGTERM');
    const { code, stdout, stderr } = await running.ended();
    expect(stderr).toContain('Stopping at once.');
    expect(stdout).toContain('stream orders is still there: the teardown was interrupted');
    expect(stdout).toContain(`kinesis-labs clean 07 --target ${bench.sandbox.endpoint} removes it.`);
    expect(code).toBe(130);
    expect(bench.alive()).toEqual(['stream orders']);

    const clean = await bench.run('clean', '--yes');
    expect(clean.stdout).toContain('✓ stream orders');
    expect(clean.code).toBe(0);
    expect(bench.alive()).toEqual([]);
  });
});

describe('an interruption of clean', () => {
  it('stops at once the second time, says what is left, and another clean goes on', async () => {
    await bench.run('start', writeLab(bench.home, ['stream']), '--yes', '--keep');
    bench.spoil('kinesis:DeleteStream=10m');
    const running = bench.start('clean', '--yes');
    await bench.met();
    running.kill('SIGINT');
    running.kill('SIGTERM');
    const { code, stdout } = await running.ended();
    expect(stdout).toMatch(/\n\n1 resource is still there\. kinesis-labs clean goes on from here\.\n$/);
    expect(code).toBe(130);
    expect(bench.alive()).toEqual(['stream orders']);

    bench.sandbox.faults.clear();
    expect(await bench.run('clean', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ stream orders') });
    expect(bench.alive()).toEqual([]);
  });
});
