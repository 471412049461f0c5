import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, mainFile, type ProcessOptions, RunningCli } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { type ProgramBench, programBench } from '../support/program-bench.ts';

// Root may write everywhere, so where root runs the tests somebody else runs the program.
const uid = process.getuid?.() === 0 ? 65_534 : undefined;
const canRun = spawnSync(process.execPath, [mainFile, '--version'], uid === undefined ? {} : { uid }).status === 0;

describe.skipIf(!canRun)('a state folder that may only be read (needs a program that everybody may run)', () => {
  let bench: ProgramBench;
  let lab: string;
  let options: ProcessOptions;
  beforeAll(async () => {
    bench = await programBench();
    const { home, env } = bench;
    lab = writeLab(home, ['stream']);
    expect(await bench.run('start', lab, '--yes', '--keep')).toMatchObject({ code: 0 });
    options = { home, env, ...(uid === undefined ? {} : { uid }) };
    for (const folder of [dirname(home), home]) {
      const { mode } = statSync(folder);
      if ((mode & 0o001) === 0) chmodSync(folder, mode | 0o011);
    }
    permit(0o555, 0o444);
  });
  afterAll(async () => {
    permit(0o755, 0o644);
    await bench.stop();
  });

  function run(args: readonly string[], more: ProcessOptions = {}): Promise<Ended> {
    return new RunningCli(args, { ...options, ...more }).ended();
  }

  function permit(folders: number, files: number): void {
    const state = join(bench.home, 'state');
    for (const path of ['', ...readdirSync(state, { recursive: true, encoding: 'utf8' })])
      chmodSync(join(state, path), path.endsWith('.jsonl') ? files : folders);
  }

  it.each([
    ['start', () => [lab, '--yes']],
    ['start', () => [lab, '--yes', '--prefix', 'other']],
    ['clean', () => ['--yes']],
    ['clean', () => ['--yes', '--all']],
  ])('keeps %s from touching anything, in one message', async (command, args) => {
    const { code, stderr } = await run([command, ...args()]);
    const said = stderr.slice(stderr.indexOf('kinesis-labs: '));
    expect(said).toMatch(
      /^kinesis-labs: What runs create cannot be written down in \S+\/state\S*: it may not be written to\.\nNothing is created or removed/,
    );
    expect(stderr).not.toMatch(/\n\s+at .+:\d+/);
    expect(code).toBe(3);
    expect(bench.alive()).toEqual(['stream orders']);
  });

  it('keeps nobody from looking', async () => {
    expect(await run(['status'])).toMatchObject({ code: 0, stdout: expect.stringContaining('stream orders') });
    expect(await run(['list'])).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Still alive: 1 resource of lab 07/) });
    const doctor = await run(['doctor']);
    expect(doctor.stdout).toContain('✗ state folder: ');
    expect(doctor.code).toBe(3);
  });

  it('keeps a lab from being begun in a sandbox of its own, too, whose state ends with it', async () => {
    const { code } = await run(['test', lab], { env: {} });
    expect(code).toBe(3);
  });
});
