import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, RunningCli, temporaryFolder } from '../support/cli.ts';

const stack = /\n\s+at .+:\d+:\d+/;

describe('what cannot be meant', () => {
  it.each([
    { args: ['strat'], says: ["unknown command 'strat'", 'Did you mean start?'] },
    { args: ['start'], says: ["missing required argument 'lab'"] },
    { args: ['start', '01', '--form', 'stream'], says: ["unknown option '--form'", 'Did you mean --from?'] },
    { args: ['start', '99'], says: ['There is no lab "99".', '01  Hello, Kinesis'] },
    { args: ['start', 'no-such-lab.md', '--yes'], says: ['There is no file "no-such-lab.md".'] },
    { args: ['start', '01', '--yes', '--from', 'strem'], says: ['no step "strem"', 'Did you mean "stream"?'] },
    { args: ['start', '01', '--yes', '--target', 'asw'], says: ['The target "asw" is neither sandbox, nor aws, nor a URL.'] },
    { args: ['start', '01', '--yes', '--set', 'message'], says: ['--set wants name=value, and got "message".'] },
    { args: ['start', '01', '--yes', '--set', 'masage=x'], says: ['no variable or name "masage"', 'Did you mean "message"?'] },
    { args: ['start', '01', '--yes', '--prefix', '-x!'], says: ['The prefix "-x!" cannot begin the names'] },
    { args: ['start', '01', '--yes', '--account', '123'], says: ['--account wants the twelve digits'] },
    { args: ['start', '01', '--yes', '--keep'], says: ['--keep has no effect on the embedded sandbox'] },
    { args: ['start', '01', '--yes', '--keep-logs'], says: ['--keep-logs has no effect on the embedded sandbox'] },
    { args: ['start', '01', '--json'], says: ['there is no terminal'] },
    { args: ['start', '01', '--yes', '--profile', 'x'], says: ['--profile is for AWS accounts'] },
    { args: ['start', '01', '--yes', '-q', '-v'], says: ["option '-q, --quiet' cannot be used with option '-v, --verbose'"] },
    { args: ['start', '01', '02', '--yes'], says: ["too many arguments for 'start'"] },
    { args: ['test', '01', '--report', 'out.xml'], says: ['--report wants junit=FILE or json=FILE, and got "out.xml".'] },
    { args: ['test', '01', '--report', 'junit=/dev/null/out.xml'], says: ['The report /dev/null/out.xml cannot be written'] },
    { args: ['sandbox', '--port', 'http'], says: ['--port wants a number from 0 to 65535, and got "http".'] },
    { args: ['sandbox', '--port', '65536'], says: ['--port wants a number from 0 to 65535'] },
    { args: ['sandbox', '--region', 'mars'], says: ['"mars" is not the name of an AWS region.'] },
    { args: ['sandbox', '--fault', 'stream-create=3'], says: ['The fault "stream-create=3" is not understood', 'A time is written 500ms'] },
    { args: ['test', '01', '--fault', 'kinesis:PutRecrod=error'], says: ['can never happen', 'Did you mean "PutRecord"?'] },
    { args: ['test', '01', '--prove', '--fault', 'stream-create=3s'], says: ["cannot be used with option '--prove'"] },
    {
      args: ['start', '01', '--yes', '--target', 'http://127.0.0.1:1', '--fault', 'stream-create=3s'],
      says: ['--fault makes the embedded sandbox misbehave, and the target is http://127.0.0.1:1.'],
    },
    { args: ['lint', 'nowhere.md'], says: ['There is no file "nowhere.md".'] },
  ])('$args: one message on standard error, exit 2', async ({ args, says }) => {
    const { code, stdout, stderr } = await cli(args);
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toMatch(stack);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is a guided lab without a terminal, which says so at once', async () => {
    const { code, stdout, stderr } = await new RunningCli(['start', '01']).ended();
    expect(stderr).toBe(
      'kinesis-labs: A guided lab asks questions, and there is no terminal to ask them at.\nAdd --yes to do everything without questions.\n',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('is shown as help when there is no command', async () => {
    const { code, stdout } = await cli([]);
    expect(stdout).toContain('Usage: kinesis-labs');
    expect(code).toBe(2);
  });
});

describe('help and version', () => {
  it.each([['--help'], ['start', '--help'], ['help', 'test']])('%s %s ends well', async (...args) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stdout).toContain('Usage: kinesis-labs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('prints the version of the package', async () => {
    expect(await new RunningCli(['--version']).ended()).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('lint', () => {
  it('shows every problem of a file with its line underlined, and ends with 2', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'labs'));
    const page = ['---', 'id: "09"', 'title: Nine', 'summary: S.', 'minutes: 1', 'format: 1', '---', '', '# Nine', '', '```yaml step'];
    writeFileSync(join(home, 'labs', '09.md'), [...page, 'id: one', 'uses: kinesis/steam', '```', ''].join('\n'));
    const { code, stdout } = await cli(['lint', 'labs/09.md'], { home });
    expect(stdout).toContain('labs/09.md:13:7 error: There is no step kind "kinesis/steam".');
    expect(stdout).toContain('  uses: kinesis/steam\n        ~~~~~~~~~~~~~');
    expect(stdout).toContain('1 lab: 1 error.');
    expect(code).toBe(2);
  });

  it('is content with the labs of the package', async () => {
    expect(await cli(['lint'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('doctor', () => {
  it('says what this machine has, and who the target takes the user for', async () => {
    const { code, stdout } = await cli(['doctor']);
    expect(stdout).toContain(`✓ Node: ${process.versions.node}\n`);
    expect(stdout).toMatch(/✓ target sandbox: account 000000000000, region us-east-1, as\s+arn:aws:iam::000000000000:root\n/);
    expect(code).toBe(0);
  });

  it('ends with 3 when the target does not answer', async () => {
    const { code, stdout } = await cli(['doctor', '--target', 'http://127.0.0.1:9']);
    expect(stdout).toContain('✗ target http://127.0.0.1:9: http://127.0.0.1:9 did not answer');
    expect(code).toBe(3);
  });
});
