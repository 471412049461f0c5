import { afterEach, describe, expect, it } from 'vitest';
import { virtualTimeVariable } from '../../src/cli/sandbox-environment.ts';
import { paced } from '../../src/sandbox/clock.ts';
import { cli, ledgerFiles, RunningCli } from '../support/cli.ts';
import { environmentFor } from '../support/environment.ts';
import { writeLab } from '../support/page.ts';
import { type ProgramBench, programBench } from '../support/program-bench.ts';
import { roleSession } from '../support/role-session.ts';

let bench: ProgramBench;
afterEach(() => bench.stop());

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe('credentials that expire in the middle of a lab', () => {
  it('stop it with a clear word; nothing is forgotten, and with new ones it goes on to its end', async () => {
    let ahead = 0;
    const clock = paced(1);
    bench = await programBench({ clock: { ...clock, now: () => clock.now() + ahead } });
    const { home, sandbox } = bench;
    const signIn = async () => {
      const session = await roleSession(sandbox, 'student', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
      return { home, env: environmentFor(sandbox, session.credentials) };
    };
    const lab = writeLab(home, ['stream', 'record', 'content']);
    const old = await signIn();
    bench.spoil('kinesis:PutRecord=100ms');
    const running = new RunningCli(['start', lab, '--yes'], old);
    await bench.met();
    ahead = 3_600_000;
    const { code, stdout, stderr } = await running.ended();
    const said = `The credentials have expired: ${sandbox.endpoint} answered ExpiredTokenException (The security token included in the request is expired)`;
    expect(onOneLine(stdout)).toContain(`✗ ${said} Get new ones, and put them where these came from`);
    expect(stdout).toContain(`✗ stream orders is still there: ${said}`);
    expect(stdout).toContain('1 resource is still there.');
    expect(stderr).toBe(
      `As soon as the credentials are good again, this goes on from there: kinesis-labs start ${home}/${lab} --target ${sandbox.endpoint}\n`,
    );
    expect(code).toBe(3);

    expect((await cli(['status'], old)).stdout).toContain('stream orders');
    const clean = await cli(['clean', '--yes'], old);
    expect(clean.stderr).toContain('The credentials have expired');
    expect(clean.stderr).toContain(`Nothing was removed on ${sandbox.endpoint}, region us-east-1: 1 resource of lab 07.`);
    expect(clean.stderr).not.toContain('--forget');
    expect(clean.code).toBe(3);
    expect(bench.alive()).toEqual(['stream orders']);

    const again = await cli(['start', lab, '--yes'], await signIn());
    expect(again.stdout).toContain('✓ 1 stream: as you left it');
    expect(again.stdout).toContain('Done. 3 of 3 steps met, 15 of 15 points');
    expect(again.stdout).toContain('Nothing is left behind.');
    expect(again.code).toBe(0);
    expect(bench.alive()).toEqual([]);
  });
});

describe('a target that is gone during the teardown', () => {
  it('is told once with what is left; clean says what it cannot reach, and how to forget it', async () => {
    bench = await programBench({ virtualTime: true });
    const { home, sandbox } = bench;
    const options = { home, env: { ...bench.env, [virtualTimeVariable]: sandbox.endpoint } };
    // The stream cannot be deleted before the target is gone, however soon that is.
    bench.spoil('kinesis:DeleteStream=cut-before,times=1000');
    const running = new RunningCli(['start', writeLab(home, ['stream', 'record']), '--yes'], options);
    await bench.met();
    await sandbox.stop();
    const { code, stdout, stderr } = await running.ended();
    expect(stdout).toContain(`✗ stream orders is still there: ${sandbox.endpoint} did not answer`);
    // Whether it was asked while the target closed its connections, or afterwards.
    expect(stdout).toMatch(/nothing listens there \(connection refused\)|the connection was closed/);
    expect(stdout).toContain('1 resource is still there.\nkinesis-labs status shows what is alive; kinesis-labs clean 07');
    expect(stderr).toContain('As soon as the target can be reached again, this goes on from there: kinesis-labs start');
    expect(`${stdout}${stderr}`).not.toMatch(/This is a bug|\n\s+at .+:\d+/);
    expect(code).toBe(4);
    expect(bench.alive()).toEqual(['stream orders']);

    const clean = await cli(['clean', '--yes'], options);
    expect(clean.stderr).toContain(`${sandbox.endpoint} did not answer sts:GetCallerIdentity: nothing listens there`);
    expect(clean.stderr).toContain(`Nothing was removed on ${sandbox.endpoint}, region us-east-1: 1 resource of lab 07.`);
    const [, run = ''] = /kinesis-labs clean --forget (\S+)/.exec(clean.stderr) ?? [];
    expect(clean.code).toBe(3);
    expect(await cli(['clean', '--forget', run, '--yes'], options)).toMatchObject({ code: 0 });
    expect(ledgerFiles(home)).toEqual([]);
  });
});
