import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, ledgerFiles, RunningCli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';
import { asked, canPlay, ctrlC, enter, leave, play } from '../support/play.ts';

const kill = 9;

/** The lab file, with one text put in another's place. */
function edit(home: string, lab: string, from: string, to: string): void {
  const text = readFileSync(join(home, lab), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(home, lab), text.replace(from, to));
}

describe.skipIf(!canPlay)('a guided lab that is left and started again (needs python3)', () => {
  it('goes on where it was, without asking again what was answered, and keeps the points', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'typed', 'record']);
    const script = [
      [asked, enter],
      ['Enter alone for other ways on', `shards${enter}`],
      ['Step 3 of 3', ''],
      [asked, leave],
      ['Remove the one resource', enter],
    ] as const;
    const left = await play(home, [lab], script);
    expect(left.shown).toContain('Ended at step "record". 2 of 3 steps met, 12 of 17 points');
    expect(left.shown).toContain('Start it again to go on from there.');
    expect((await cli(['status'], { home })).stdout).toBe(
      `Nothing is alive.\n\nBegun, and not finished:\n  Lab 07 on sandbox: 2 of 3 steps done, 12 of 17 points. To go on: kinesis-labs start ${join(home, lab)}\n`,
    );
    const again = await play(
      home,
      [lab],
      [
        [asked, enter],
        ['Remove the one resource', enter],
      ],
    );
    expect(again.shown).toContain('Going on where you left: 2 of 3 steps done, 12 of 17 points. --restart begins anew.');
    expect(again.shown).toContain('  ✓ 1 stream: done again\n  ✓ 2 typed: done again\n');
    expect(again.shown).not.toContain('About stream.');
    expect(again.shown).not.toContain('What has a stream?');
    expect(again.shown).toContain('About record.');
    expect(again.shown).toContain('Done. 3 of 3 steps met, 17 of 17 points');
    expect(again.code).toBe(0);
    expect(ledgerFiles(home)).toHaveLength(1);
    expect((await cli(['list', '--json'], { home })).stdout).toContain('"unfinished": []');
  });

  it('goes on after it was killed in the middle of a wait', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'silence']);
    const script = [
      [asked, enter],
      ['Step 2 of 2', ''],
      [asked, enter],
      ['waiting for the log', kill],
    ] as const;
    await play(home, [lab], script);
    expect((await cli(['status'], { home })).stdout).toContain(
      'Nothing is alive.\n\nBegun, and not finished:\n  Lab 07 on sandbox: 1 of 2 steps done',
    );
    const again = await play(
      home,
      [lab],
      [
        [asked, ctrlC],
        ['Remove the one resource', enter],
      ],
    );
    expect(again.shown).toContain('  ✓ 1 stream: done again\n');
    expect(again.shown).toMatch(/Interrupted\. 1 of 2 steps met, .*\nNothing is left behind\.\nStart it again to go on from there\./);
  });

  it('says what has changed in the lab, and asks again for what does something else now, with the names it was begun with', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'content', 'record']);
    const begun = [
      [asked, enter],
      ['Step 2 of 3', ''],
      [asked, leave],
      ['Remove', enter],
    ] as const;
    await play(home, [lab, '--prefix', 'ada'], begun);
    edit(home, lab, 'shards: 1', 'shards: 2');
    edit(home, lab, 'id: content', 'id: looked');
    const again = await play(home, [lab], [[asked, leave]]);
    expect(again.shown).toContain('Going on where you left: 0 of 3 steps done, 0 of 15 points.');
    expect(again.shown).toContain('As before: --prefix ada\n');
    expect(again.shown).toContain('Step "stream" has changed since it was done: it is to be done again.\n');
    expect(again.shown).toContain('Step "looked" is new.\n');
    expect(again.shown).toContain('Step "content" is no longer in the lab.\n');
    expect(again.shown).toContain('--stream-name ada-orders --shard-count 2');
  });
});

describe('an interrupted run without questions', () => {
  it('leaves nothing to go on with in the sandbox: it is run anew', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'silence']);
    const running = new RunningCli(['start', lab, '--yes'], { home });
    await running.shows('waiting for the log');
    running.kill('SIGKILL');
    await running.ended();
    expect((await cli(['status'], { home })).stdout).toBe('Nothing is alive.\n');
    edit(home, lab, 'within: 60', 'within: 1');
    expect((await cli(['start', lab, '--yes'], { home })).stdout).not.toContain('Going on');
  });
});

describe('on a target that stays when the program ends', () => {
  const sandbox = lastingSandbox();

  it('a run that was killed goes on: what is there is looked at, what has vanished meanwhile is said and done again', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'record', 'silence']);
    const running = new RunningCli(['start', lab, '--yes', '--prefix', 'gone'], options);
    await running.shows('waiting for the log');
    running.kill('SIGKILL');
    await running.ended();
    edit(home, lab, 'within: 60', 'within: 1');
    const found = await cli(['start', lab, '--yes', '--keep'], options);
    expect(found.stdout).toContain('As before: --prefix gone\n');
    expect(found.stdout).toContain('  ✓ 1 stream: as you left it\n  ✓ 2 record: as you left it\n');
    const other = temporaryFolder();
    const ledger = ledgerFiles(home)[0] ?? '';
    mkdirSync(join(other, 'state', 'runs'), { recursive: true });
    writeFileSync(join(other, 'state', 'runs', 'copy.jsonl'), readFileSync(ledger));
    expect((await cli(['clean'], { home: other, env: sandbox.env })).stdout).toContain('✓ stream gone-orders');
    const again = await cli(['start', lab, '--yes'], options);
    expect(again.stdout).toContain(
      '  The stream gone-orders is gone: step "stream" is done again.\n  ✓ 1 stream: done again\n  ✓ 2 record: done again\n',
    );
    expect(again.stdout).toContain('Not met: step "silence". 2 of 3 steps met');
  });

  it('a step is done once more, with what builds on it, when what they made was removed', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'record']);
    const nothing = await cli(['start', lab, '--yes', '--reset', 'stream'], options);
    expect(nothing.stderr).toContain('There is no run of lab 07 here that could be gone on with, so there is nothing to reset.');
    expect(nothing.code).toBe(2);
    await cli(['start', lab, '--yes', '--keep', '--prefix', 'reset'], options);
    const unknown = await cli(['start', lab, '--yes', '--reset', 'steam'], options);
    expect(unknown.stderr).toContain('Lab 07 has no step "steam".\nDid you mean "stream"?');
    const { stdout, stderr, code } = await cli(['start', lab, '--yes', '--reset', 'stream'], options);
    expect(stderr).toContain(
      'To do step "stream" again, this is removed first:\n  stream reset-orders\nWhat builds on it is done again afterwards, without questions: record.\n',
    );
    expect(stdout.match(/✓ stream reset-orders\n/g)).toHaveLength(2);
    expect(stdout).toContain('Going on where you left: 1 of 2 steps done, 5 of 15 points.');
    expect(stdout).toContain('aws kinesis create-stream --stream-name reset-orders');
    expect(stdout).toContain('  ✓ 2 record: done again\n');
    expect(stdout).toContain('Done. 2 of 2 steps met, 15 of 15 points');
    expect(code).toBe(0);
  });

  it('a run whose lab file is no longer there can be cleaned', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'record']);
    await cli(['start', lab, '--yes', '--keep', '--prefix', 'lost'], options);
    rmSync(join(home, 'labs'), { recursive: true });
    const { stdout, code } = await cli(['clean', '07'], options);
    expect(stdout).toContain('✓ stream lost-orders');
    expect(code).toBe(0);
  });

  it('takes down what a step made that is no longer in the lab, whatever kind it was of', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'content']);
    await cli(['start', lab, '--yes', '--keep', '--prefix', 'dropped'], options);
    writeLab(home, ['content']);
    const { stdout, code } = await cli(['start', lab, '--yes'], options);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Step "stream" is no longer in the lab. What it made is still taken down at the end.');
    expect(stdout).toContain('✓ stream dropped-orders');
    expect(code).toBe(0);
  });

  it('a run of an older version of the program goes on', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'record']);
    await cli(['start', lab, '--yes', '--keep', '--prefix', 'old'], options);
    const [file = ''] = ledgerFiles(home);
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !line.includes('"entry":"session"') && !line.includes('"step":"record"'))
      .map((line) => line.replace('"ledger":2', '"ledger":1').replace(/"set":\{\},|,"content":"[^"]*"/, ''));
    writeFileSync(file, lines.join('\n'));
    const { stdout, code } = await cli(['start', lab, '--yes'], options);
    expect(stdout).toContain('Going on where you left: 1 of 2 steps done, 10 of 15 points.');
    expect(stdout).toContain('As before: --prefix old');
    expect(stdout).toContain('Done. 2 of 2 steps met');
    expect(code).toBe(0);
  });
});
