import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, ledgerFiles, RunningCli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { commandStep, writeLab } from '../support/page.ts';
import { patience } from '../support/patience.ts';

/** Waits for a file that another lab writes, for ten seconds at most. */
const waitFor = (file: string) => `for i in $(seq 200); do [ -e "$HOME/${file}" ] && exit 0; sleep 0.05; done; exit 1`;

/** Says that it is there, and then takes a minute. */
const stay = (file: string) => commandStep('stay', `touch "$HOME/${file}"; sleep 60`);

describe('test, with several labs', () => {
  it('does them side by side, and tells and reports of each as a whole, in the order in which they were named', async () => {
    const home = temporaryFolder();
    const patient = writeLab(home, ['stream', commandStep('patient', waitFor('met'))], '12');
    const quick = writeLab(home, ['stream', commandStep('quick', 'touch "$HOME/met"')], '11');
    const reports = ['--report', 'junit=out.xml,json=out.json'];
    const { code, stdout, stderr } = await cli(['test', patient, 'nowhere.md', quick, '--allow-shell', ...reports], { home });
    expect(stdout.match(/^(Lab \d+|Step \d of \d: \w+|Done|Nothing is left)/gm)).toEqual(
      ['12', '11'].flatMap((id) => [
        `Lab ${id}`,
        'Step 1 of 2: stream',
        `Step 2 of 2: ${id === '12' ? 'patient' : 'quick'}`,
        'Done',
        'Nothing is left',
      ]),
    );
    expect(stderr).toContain('There is no file "nowhere.md".');
    expect(code).toBe(2);
    const { runs } = JSON.parse(readFileSync(join(home, 'out.json'), 'utf8'));
    expect(runs).toMatchObject([
      { lab: { id: '12' }, outcome: 'met' },
      { lab: { id: 'nowhere.md' } },
      { lab: { id: '11' }, outcome: 'met' },
    ]);
    const suites = [...readFileSync(join(home, 'out.xml'), 'utf8').matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name);
    expect(suites).toEqual(['12 Streams', 'nowhere.md', '11 Streams']);
  });

  it('takes down all that are being done when it is interrupted, begins no more, and ends with 130', async () => {
    const home = temporaryFolder();
    const begun = Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) => String(11 + index));
    const labs = [...begun, '99'].map((id) => writeLab(home, ['stream', stay(id)], id));
    const running = new RunningCli(['test', ...labs, '--allow-shell', '--report', 'json=out.json'], { home });
    await expect.poll(() => readdirSync(home), patience).toEqual(expect.arrayContaining(begun));
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended();
    expect(stderr).toBe('\nInterrupted. What was created is removed; press Ctrl-C again to stop at once.\n');
    expect(stdout.match(/^(Lab \d+|Interrupted|Nothing is left behind)/gm)).toEqual(
      begun.flatMap((id) => [`Lab ${id}`, 'Interrupted', 'Nothing is left behind']),
    );
    expect(code).toBe(130);
    expect(readdirSync(home)).not.toContain('99');
    expect(ledgerFiles(home)).toEqual([]);
    const { runs } = JSON.parse(readFileSync(join(home, 'out.json'), 'utf8'));
    expect(runs).toMatchObject(begun.map((id) => ({ lab: { id }, outcome: 'interrupted', left: [] })));
  });
});

describe('test, with several labs on one target', () => {
  const sandbox = lastingSandbox();

  it('does them one after the other, because each would meet what the others do', async () => {
    const home = temporaryFolder();
    // They use the same names.
    const labs = ['11', '12'].map((id) => writeLab(home, ['stream', 'record'], id));
    const { code, stdout } = await cli(['test', ...labs, '--target', sandbox.endpoint, '--json'], { home, env: sandbox.env });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ type }) => type === 'run-ended').map(({ outcome }) => outcome)).toEqual(['met', 'met']);
    const times = events.filter(({ type }) => type === 'run-started' || type === 'run-ended').map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(code).toBe(0);
  });

  it('says once that nobody answers, reports it for each, and ends with 3', async () => {
    const home = temporaryFolder();
    const labs = ['11', '12'].map((id) => writeLab(home, ['stream'], id));
    const target = ['--target', 'http://127.0.0.1:9', '--report', 'json=out.json'];
    const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
    const { code, stdout, stderr } = await cli(['test', ...labs, ...target], { home, env });
    expect(stderr.match(/nothing listens there/g)).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    const { runs } = JSON.parse(readFileSync(join(home, 'out.json'), 'utf8'));
    const problem = { message: expect.stringContaining('nothing listens there') };
    expect(runs).toMatchObject(labs.map((id) => ({ lab: { id }, problem })));
  });
});

describe('test --prove, with several labs', () => {
  it('proves them side by side, and tells and reports of each as a whole, in the order in which they were named', async () => {
    const home = temporaryFolder();
    const longer = writeLab(home, ['stream', 'record', 'choice'], '12');
    const shorter = writeLab(home, ['stream', 'content'], '11');
    const { code, stdout } = await new RunningCli(['test', longer, shorter, '--prove', '--report', 'json=out.json'], { home }).ended();
    expect(stdout.match(/^(Lab \d+|Proved|Not proved)/gm)).toEqual(['Lab 12', 'Proved', 'Lab 11', 'Not proved']);
    expect(code).toBe(1);
    const { proofs } = JSON.parse(readFileSync(join(home, 'out.json'), 'utf8'));
    expect(proofs).toMatchObject([
      { lab: { id: '12' }, outcome: 'proved' },
      { lab: { id: '11' }, outcome: 'not-proved' },
    ]);
    expect(ledgerFiles(home)).toEqual([]);
  });
});
