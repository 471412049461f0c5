import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliOptions, cli, type Ended, ledgerFiles, RunningCli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';

/** In a process of its own, because proofs begin threads, which need the program as it was built. */
function prove(args: readonly string[], options: CliOptions): Promise<Ended> {
  return new RunningCli(args, options).ended();
}

describe('test --prove', () => {
  it('shows that a lab does what it promises and notices mistakes, writes reports, and leaves nothing', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record', 'choice']);
    const { code, stdout, stderr } = await prove(['test', lab, '--prove', '--report', 'junit=out/proof.xml,json=out/proof.json'], { home });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\nLab 07: Streams\n {2}✓ red before anything has been done\n/);
    expect(stdout).toContain('✓ 4 of 4 mutations noticed\n');
    expect(stdout).toMatch(/\nProved\. 4 mutations tried, .* s\.\n$/);
    expect(code).toBe(0);
    expect(readFileSync(join(home, 'out/proof.xml'), 'utf8')).toContain('tests="14" failures="0" errors="0" skipped="1"');
    const { proofs } = JSON.parse(readFileSync(join(home, 'out/proof.json'), 'utf8'));
    expect(proofs).toMatchObject([{ outcome: 'proved', stages: { length: 7 }, mutations: { length: 4 } }]);
    expect(ledgerFiles(home)).toEqual([]);
  });

  it('ends with 1 when a check cannot fail, and says which and what to do', async () => {
    const home = temporaryFolder();
    const { code, stdout } = await prove(['test', writeLab(home, ['stream', 'content']), '--prove'], { home });
    expect(stdout).toContain('✗ step "content" cannot fail\n      Whatever was made wrong in this lab, its check was content.\n');
    expect(stdout).toContain('Let it expect something');
    expect(stdout).toContain('Not proved: 1 step that cannot fail.');
    expect(code).toBe(1);
  });

  it('names every mistake and who noticed it with -v, and prints events for programs with --json', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream']);
    const detailed = await prove(['test', lab, '--prove', '-v'], { home });
    expect(detailed.stdout).toMatch(/✓ the stream orders is deleted: noticed by "stream", \d/);
    const { code, stdout } = await prove(['test', lab, '--prove', '--json'], { home });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'proof-started', format: 1, lab: { id: '07' } });
    expect(events.at(-1)).toMatchObject({ type: 'proof-ended', outcome: 'proved' });
    expect(code).toBe(0);
  });

  it.each(['aws', 'http://127.0.0.1:4566'])('is refused on %s, because it takes everything apart', async (target) => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await cli(['test', '01', '--prove', '--target', target], { home });
    expect(stderr).toBe(
      `kinesis-labs: --prove takes everything in an account apart, and is for the embedded sandbox only; the target is ${target}.\nLeave --target out. Without --prove, test runs the lab on any target.\n`,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('is never green for a lab that is not there', async () => {
    const home = temporaryFolder();
    const { code, stderr } = await cli(['test', '99', '--prove', '--report', 'junit=out.xml'], { home });
    expect(stderr).toContain('There is no lab "99".');
    expect(code).toBe(2);
    expect(readFileSync(join(home, 'out.xml'), 'utf8')).toContain('errors="1"');
  });

  it('can be interrupted, and takes its sandboxes with it', async () => {
    const running = new RunningCli(['test', '01', '--prove', '--report', 'json=out.json']);
    await running.shows('red before anything has been done');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended();
    expect(stderr).toContain('Interrupted. The sandbox ends with everything in it.');
    expect(stdout).toMatch(/\nInterrupted\. .*\n$/);
    expect(code).toBe(130);
    expect(ledgerFiles(running.home)).toEqual([]);
    expect(existsSync(join(running.home, 'out.json'))).toBe(true);
  });
});
