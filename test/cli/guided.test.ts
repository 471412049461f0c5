import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { liveResources } from '../../src/runner/ledger.ts';
import { parseLedger } from '../../src/runner/ledger-text.ts';
import { ledgerFiles, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { asked, canPlay, ctrlC, down, enter, play } from '../support/play.ts';
import { hasAwsCli } from '../support/programs.ts';

describe.skipIf(!canPlay)('a guided lab in a terminal (needs python3)', () => {
  it('shows the page step by step, does what it is told to, and offers the teardown', async () => {
    const home = temporaryFolder();
    const { code, shown } = await play(
      home,
      [writeLab(home, ['stream', 'record'])],
      [
        [asked, enter],
        ['Step 2 of 2', ''],
        [asked, enter],
        ['Remove the one resource', enter],
      ],
    );
    expect(shown).toContain('About stream.');
    expect(shown.indexOf('About stream.')).toBeLessThan(shown.indexOf('Step 1 of 2: stream'));
    expect(shown.indexOf('Step 1 of 2')).toBeLessThan(shown.indexOf('About record.'));
    expect(shown).toContain('Met. 10 points.');
    expect(shown).toContain('"ShardId": "shardId-000000000000"');
    expect(shown).toContain('✓ stream orders');
    expect(shown).toContain('Done. 2 of 2 steps met, 15 of 15 points');
    expect(code).toBe(0);
  });

  it('asks again after a check that is not met, and gives a hint', async () => {
    const home = temporaryFolder();
    const script = [
      [asked, `${down}${enter}`],
      ['Not met yet', ''],
      [asked, `${down.repeat(4)}${enter}`],
      ['Hint: Create it.', ''],
      [asked, `${down}${enter}`],
      ['Remove the one resource', enter],
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['stream'])], script);
    expect(shown).toMatch(/✗ stream orders\n {6}expected: a stream\n {6}observed: there is none/);
    expect(shown).toContain('Done. 1 of 1 step met');
    expect(code).toBe(0);
  });

  it('asks questions, says what is wrong and why what is right is right, and gives a hint', async () => {
    const home = temporaryFolder();
    const script = [
      [asked, enter],
      ['observed: At the oldest record', ''],
      [asked, `${down.repeat(2)}${enter}`],
      ['Hint: Its name tells.', ''],
      [asked, `${down}${enter}`],
      ['Step 2 of 2', ''],
      ['Enter alone for other ways on', ` Shards${enter}`],
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['choice', 'typed'])], script);
    expect(shown).toContain('Where does LATEST begin?');
    expect(shown).toContain('That is not it. Look at the page again.');
    expect(shown).toMatch(/✓ answer: Behind the newest record\n {2}What was put before is skipped\.\n {2}Met\. 3 points\./);
    expect(shown).toMatch(/✓ answer: Shards\n {2}Met\. 2 points\./);
    expect(shown).toContain('Done. 2 of 2 steps met, 5 of 5 points');
    expect(code).toBe(0);
  });

  it('shows the answer to whoever does not know it, without points', async () => {
    const home = temporaryFolder();
    const script = [
      ['Enter alone for other ways on', enter],
      [asked, `${down}${enter}`],
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['typed'])], script);
    expect(shown).toContain('✓ answer: shards');
    expect(shown).toContain('Done for you, without points.');
    expect(shown).toContain('0 of 2 points');
    expect(code).toBe(0);
  });

  it('shows the commands of a lab of somebody else, and runs them only when it may', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['command']);
    const refused = await play(home, [lab], [['May it run this command?', enter]]);
    expect(refused.shown).toContain('labs/07-streams.md does not come with kinesis-labs. It runs 1 command on this machine, as you:');
    expect(refused.shown).toContain('    echo ran | tee "$HOME/ran"');
    expect(refused.shown).toContain('Nothing was done.');
    expect(refused.code).toBe(2);
    expect(existsSync(join(home, 'ran'))).toBe(false);
    const script = [
      ['May it run this command?', 'y'],
      [asked, enter],
    ] as const;
    const allowed = await play(home, [lab], script);
    expect(allowed.shown).toMatch(/ {4}ran\n {2}✓ exit code: 0\n {2}✓ output: ran\n {2}Met\. 1 point\./);
    expect(allowed.code).toBe(0);
    expect(existsSync(join(home, 'ran'))).toBe(true);
  });

  it('opens a shell that has everything set', async () => {
    const home = temporaryFolder();
    const script = [
      [asked, `${down.repeat(2)}${enter}`],
      ['Come back with: exit', 'echo "at $AWS_ENDPOINT_URL as $AWS_ACCESS_KEY_ID in $AWS_REGION"; exit\r'],
      ['AKIA', ''],
      [asked, `${down}${enter}`],
      ['Remove the one resource', enter],
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['stream'])], script);
    expect(shown).toMatch(/at http:\/\/127\.0\.0\.1:\d+ as AKIA[A-Z2-7]{16} in us-east-1/);
    expect(code).toBe(0);
  });

  it.skipIf(!hasAwsCli)('counts what the learner made with the AWS CLI in that shell (needs aws)', async () => {
    const home = temporaryFolder();
    const script = [
      [asked, `${down.repeat(2)}${enter}`],
      ['Come back with: exit', 'aws kinesis create-stream --stream-name orders --shard-count 1; exit\r'],
      ['How do you want', ''],
      [asked, enter],
      ['Met.', ''],
      ['Remove the one resource', enter],
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['stream'])], script, { PATH: process.env['PATH'] ?? '' });
    expect(shown).toContain('✓ stream orders');
    expect(shown).toContain('Nothing is left behind.');
    expect(code).toBe(0);
  });

  it('offers the teardown after Ctrl-C at a question, and ends with 130', async () => {
    const home = temporaryFolder();
    const { code, shown } = await play(
      home,
      [writeLab(home, ['stream', 'record'])],
      [
        [asked, enter],
        ['Step 2 of 2', ''],
        [asked, ctrlC],
        ['Remove the one resource', enter],
      ],
    );
    expect(shown).toContain('✓ stream orders');
    expect(shown).toMatch(/Interrupted\. 1 of 2 steps met, .*\nNothing is left behind\./);
    expect(code).toBe(130);
  });

  it('offers the teardown after Ctrl-C while it works, and stops at once at the second', async () => {
    const home = temporaryFolder();
    const { code, shown } = await play(
      home,
      [writeLab(home, ['stream', 'silence'])],
      [
        [asked, enter],
        ['Step 2 of 2', ''],
        [asked, enter],
        ['waiting for the log', ctrlC],
        ['Remove the one resource', ctrlC],
      ],
    );
    expect(shown).toContain('Stopping at once.');
    expect(shown).toContain('1 resource ends with sandbox, which ends with this program.');
    expect(code).toBe(130);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('takes everything down when %s comes while it asks', async (signal) => {
    const home = temporaryFolder();
    const script = [
      [asked, enter],
      ['Step 2 of 2', ''],
      [asked, constants.signals[signal]],
      ...(signal === 'SIGINT' ? ([['Remove the one resource', enter]] as const) : []),
    ] as const;
    const { code, shown } = await play(home, [writeLab(home, ['stream', 'record'])], script);
    expect(shown).toMatch(/Removing what the lab created.*✓ stream orders.*Nothing is left behind\./s);
    expect(code).toBe(130);
  });

  it('takes everything down when the terminal is closed', async () => {
    const home = temporaryFolder();
    const script = [
      [asked, enter],
      ['Step 2 of 2', ''],
      [asked, null],
    ] as const;
    const { code } = await play(home, [writeLab(home, ['stream', 'record'])], script);
    expect(code).toBe(128 + constants.signals.SIGHUP);
    const [file = ''] = ledgerFiles(home);
    const { entries } = parseLedger(readFileSync(file, 'utf8'), file);
    expect(liveResources(entries)).toEqual([]);
    expect(entries.slice(-2)).toEqual([
      expect.objectContaining({ entry: 'removed', id: 'orders' }),
      expect.objectContaining({ entry: 'ended', outcome: 'interrupted' }),
    ]);
  });

  it('ends where the learner leaves, and is not a success', async () => {
    const home = temporaryFolder();
    const leave = `${down.repeat(6)}${enter}`;
    const { code, shown } = await play(home, [writeLab(home, ['stream', 'record'])], [[asked, leave]]);
    expect(shown).toContain('Ended at step "stream". 0 of 2 steps met');
    expect(shown).not.toContain('Start it again');
    expect(code).toBe(1);
  });
});
