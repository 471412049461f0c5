import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, ledgerFiles, RunningCli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';

describe('start --yes', () => {
  it('does, checks and removes everything, and ends well', async () => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await new RunningCli(['start', writeLab(home, ['stream', 'record']), '--yes'], { home }).ended();
    expect(stdout).toContain('Step 1 of 2: stream (Step stream, 10 points)');
    expect(stdout).toContain('aws kinesis create-stream --stream-name orders --shard-count 1');
    expect(stdout).toContain('✓ status of orders: ACTIVE');
    expect(stdout).toContain('✓ stream orders');
    expect(stdout).toMatch(/Done\. 2 of 2 steps met, 15 of 15 points, .*\.\nNothing is left behind\.\n$/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await cli(['status'], { home })).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
  });

  it('puts a prefix in front of the names, and sets variables', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record']);
    const { stdout } = await cli(['start', lab, '--yes', '--prefix', 'ada', '--set', 'message=Hi there'], { home });
    expect(stdout).toContain('--stream-name ada-orders');
    expect(stdout).toContain("--data 'Hi there'");
  });

  it('answers questions itself, and shows question, answer and explanation', async () => {
    const home = temporaryFolder();
    const { code, stdout } = await cli(['start', writeLab(home, ['choice', 'typed']), '--yes'], { home });
    expect(stdout).toContain('Where does `LATEST` begin?\n  ✓ answer: Behind the newest record\n  What was put *before* is skipped.\n');
    expect(stdout).toContain('Done. 2 of 2 steps met, 5 of 5 points');
    expect(code).toBe(0);
  });

  it('prints one JSON event per line for programs', async () => {
    const home = temporaryFolder();
    const { stdout } = await cli(['start', writeLab(home, ['stream']), '--yes', '--json'], { home });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'run-started', format: 1, lab: { id: '07', steps: ['stream'] }, target: 'sandbox' });
    expect(events.at(-1)).toMatchObject({ type: 'run-ended', outcome: 'met', points: { earned: 10, possible: 10 }, left: [] });
  });

  it('says of a step that is not met what was expected and observed, removes everything, and ends with 1', async () => {
    const home = temporaryFolder();
    const { code, stdout } = await new RunningCli(['start', writeLab(home, ['stream', 'wrong', 'record']), '--yes'], { home }).ended();
    expect(stdout).toMatch(/✗ .*OpenShardCount.*\n {6}expected: 2\n {6}observed: 1\n/);
    expect(stdout).toContain('Not met: step "wrong". 1 of 3 steps met, 10 of 20 points');
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(1);
  });

  it('creates nothing where it cannot write down what it creates', async () => {
    const home = temporaryFolder();
    const env = { KINESIS_LABS_HOME: '/dev/null/state' };
    const { code, stdout, stderr } = await new RunningCli(['start', writeLab(home, ['stream']), '--yes'], { home, env }).ended();
    expect(stderr).toContain('What runs create cannot be written down in /dev/null/state: a part of its path is not a folder.');
    expect(stderr).toContain('KINESIS_LABS_HOME');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('says only what is not met when it is to be quiet', async () => {
    const home = temporaryFolder();
    const { stdout } = await cli(['start', writeLab(home, ['stream']), '--yes', '--quiet'], { home });
    expect(stdout).toMatch(/^\nDone\. .*\nNothing is left behind\.\n$/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('takes everything down when %s comes in the middle, and ends with 130', async (signal) => {
    const home = temporaryFolder();
    const running = new RunningCli(['start', writeLab(home, ['stream', 'silence']), '--yes'], { home });
    await running.shows('waiting for');
    await running.shows('Step 2 of 2');
    await running.shows('/nobody/writes');
    running.kill(signal);
    const { code, stdout, stderr } = await running.ended();
    expect(stderr).toContain('Interrupted. What was created is removed');
    expect(stdout).toContain('✓ stream orders');
    expect(stdout).toMatch(/Interrupted\. 1 of 2 steps met, .*\nNothing is left behind\.\n$/);
    expect(code).toBe(130);
    expect(await cli(['status'], { home })).toMatchObject({ stdout: 'Nothing is alive.\n' });
  });
});

describe('test', () => {
  it('runs a lab by itself, writes the reports, and leaves no ledger', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record']);
    const { code } = await cli(['test', lab, '--report', 'junit=reports/out.xml,json=out.json'], { home });
    const xml = readFileSync(join(home, 'reports', 'out.xml'), 'utf8');
    expect(xml.match(/<testcase /g)).toHaveLength(2);
    expect(xml).toContain('<testsuite name="07 Streams" tests="2" failures="0" errors="0" skipped="0"');
    expect(JSON.parse(readFileSync(join(home, 'out.json'), 'utf8'))).toMatchObject({
      runs: [{ outcome: 'met', steps: [{ id: 'stream' }, { id: 'record' }] }],
    });
    expect(ledgerFiles(home)).toEqual([]);
    expect(code).toBe(0);
  });

  it('writes the reports when a step is not met', async () => {
    const home = temporaryFolder();
    const { code } = await cli(['test', writeLab(home, ['stream', 'wrong', 'record']), '--report', 'junit=out.xml'], { home });
    const xml = readFileSync(join(home, 'out.xml'), 'utf8');
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(xml).toMatch(/<testcase name="wrong: Step wrong" [^>]*line="\d+">\n {6}<failure message="[^"]*OpenShardCount[^"]*: 1">/);
    expect(code).toBe(1);
  });

  it('does not wait for what takes a minute: waiting costs no time there', async () => {
    const home = temporaryFolder();
    const started = performance.now();
    const { code, stdout } = await cli(['test', writeLab(home, ['stream', 'silence'])], { home });
    expect(stdout).toContain('✗ log /nobody/writes');
    expect(code).toBe(1);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('goes on with the next lab after one that is not valid, and ends with 2', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream']);
    const { code, stdout, stderr } = await cli(['test', 'nowhere.md', lab, '--report', 'junit=out.xml'], { home });
    expect(stderr).toContain('There is no file "nowhere.md".');
    expect(stdout).toContain('Done. 1 of 1 step met');
    expect(readFileSync(join(home, 'out.xml'), 'utf8')).toContain('<error message="There is no file &quot;nowhere.md&quot;.">');
    expect(code).toBe(2);
  });
});

describe('lab 01', () => {
  it('is one test case per step for a CI server', async () => {
    const home = temporaryFolder();
    const { code, stdout } = await cli(['test', '01', '--report', 'junit=out.xml'], { home });
    const xml = readFileSync(join(home, 'out.xml'), 'utf8');
    expect(stdout).toContain('Done. 10 of 10 steps met, 100 of 100 points');
    expect(xml.match(/<testcase /g)).toHaveLength(10);
    expect(xml).toContain('failures="0" errors="0" skipped="0"');
    expect(code).toBe(0);
  });

  it('removes all of its five resources when it is interrupted in the middle', async () => {
    const running = new RunningCli(['start', '01', '--yes']);
    await running.shows('FilterLogEvents answers');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended();
    const removed = [...stdout.slice(stdout.indexOf('Removing the 5 things')).matchAll(/✓ ([\w -]+?) (?:\/|kin|lambda-cli)/g)].map(
      ([, noun]) => noun,
    );
    expect(removed).toEqual(['event-source mapping', 'function', 'log group', 'stream', 'role']);
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(130);
  });
});

describe('on a target that stays when the program ends', () => {
  const sandbox = lastingSandbox();

  it('uses the endpoint of the environment, keeps what it is told to keep, and status, start and clean know about it', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record']);
    const options = { home, env: sandbox.env };
    const kept = await cli(['start', lab, '--yes', '--keep', '--prefix', 'kept'], options);
    expect(kept).toMatchObject({ code: 0 });
    expect(kept.stdout).toContain(`Target: ${sandbox.endpoint}`);
    expect(kept.stdout).toContain('– stream kept-orders stays: kept, as you asked');
    expect(kept.stdout).toContain(
      `1 resource is still there.\nkinesis-labs status shows what is alive; kinesis-labs clean 07 --target ${sandbox.endpoint} removes it.`,
    );

    const status = await cli(['status'], { home });
    expect(status.stdout).toMatch(
      /^Lab 07 on http:.*\n {2}stream kept-orders, just now\n\n1 resource alive\. kinesis-labs clean removes it\.\n$/,
    );
    expect((await cli(['status', '--target', sandbox.endpoint, '--json'], options)).stdout).toContain('"state": "seen"');
    expect((await cli(['list', '--json'], options)).stdout).toContain('"progress"');

    const again = await cli(['start', lab, '--yes', '--keep', '--prefix', 'kept'], options);
    expect(again.stdout).toContain('Going on where you left: 2 of 2 steps done, 15 of 15 points.');
    expect(again.stdout).toContain('  ✓ 1 stream: as you left it\n  ✓ 2 record: as you left it\n');
    expect(again).toMatchObject({ code: 0 });
    expect(ledgerFiles(home)).toHaveLength(1);

    const other = await cli(['start', lab, '--yes', '--prefix', 'kept', '--set', 'message=Other'], options);
    expect(other.stderr).toContain('has other values: message is Hello, not Other.');
    expect(other.stderr).toContain('add --restart');
    expect(other.code).toBe(3);

    const cleaned = await cli(['clean', '7'], options);
    expect(cleaned.stdout).toContain('✓ stream kept-orders');
    expect(cleaned.code).toBe(0);
    expect(await cli(['status'], { home })).toMatchObject({ stdout: 'Nothing is alive.\n' });
    expect(await cli(['clean'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
  });

  it('leaves a ledger behind when it is killed, from which everything can be removed', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'silence']);
    const running = new RunningCli(['start', lab, '--yes', '--prefix', 'killed'], options);
    await running.shows('waiting for the log');
    const meanwhile = await cli(['start', lab, '--yes', '--prefix', 'killed'], options);
    expect(meanwhile.stderr).toMatch(/Process \d+ is running lab 07 on .* at the moment\./);
    expect(meanwhile.code).toBe(3);
    running.kill('SIGKILL');
    await running.ended();
    expect((await cli(['status'], { home })).stdout).toContain('stream killed-orders, just now');
    expect(await cli(['clean'], options)).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ stream killed-orders') });
    expect(await cli(['status'], { home })).toMatchObject({ stdout: 'Nothing is alive.\n' });
  });

  it('never takes over what is there already', async () => {
    const one = temporaryFolder();
    await cli(['start', writeLab(one, ['stream']), '--yes', '--keep', '--prefix', 'theirs'], { home: one, env: sandbox.env });
    const two = temporaryFolder();
    const args = ['start', writeLab(two, ['stream', 'record']), '--yes', '--prefix', 'theirs'];
    const { code, stderr } = await cli(args, { home: two, env: sandbox.env });
    expect(stderr).toContain('The stream theirs-orders exists already, and this run did not create it.');
    expect(stderr).toContain('--prefix');
    const { stdout } = await cli([...args, '--no-preflight'], { home: two, env: sandbox.env });
    expect(stdout).toContain('The stream theirs-orders exists already, and this run did not create it.');
    expect(code).toBe(3);
    expect((await cli(['clean'], { home: two, env: sandbox.env })).stdout).toBe('Nothing is alive.\n');
    expect((await cli(['clean'], { home: one, env: sandbox.env })).stdout).toContain('✓ stream theirs-orders');
  });

  it('removes what an earlier run has left before it begins anew', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream']);
    await cli(['start', lab, '--yes', '--keep', '--prefix', 'again'], { home, env: sandbox.env });
    const { code, stdout } = await cli(['start', lab, '--yes', '--prefix', 'again', '--restart', '--set', 'message=x'], {
      home,
      env: sandbox.env,
    });
    expect(stdout.match(/✓ stream again-orders/g)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it('refuses credentials that are not those of the target', async () => {
    const home = temporaryFolder();
    const wrong = { ...sandbox.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const { code, stderr } = await cli(['start', writeLab(home, ['stream']), '--yes'], { home, env: wrong });
    expect(stderr).toContain('The credentials were not accepted');
    expect(stderr).not.toContain('wrong\n');
    expect(code).toBe(3);
  });

  it('says that nobody answers', async () => {
    const home = temporaryFolder();
    const { code, stderr } = await cli(['start', writeLab(home, ['stream']), '--yes', '--target', 'http://127.0.0.1:9'], { home });
    expect(stderr).toContain('nothing listens there (connection refused)');
    expect(code).toBe(3);
  });

  it('works in no other account than the one that is named', async () => {
    const home = temporaryFolder();
    const { code, stderr } = await cli(['start', writeLab(home, ['stream']), '--yes', '--account', '123456789012'], {
      home,
      env: sandbox.env,
    });
    expect(stderr).toContain('The credentials belong to account 000000000000, not to 123456789012.');
    expect(code).toBe(3);
  });
});
