import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateAccountAliasCommand, IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { cli, ledgerFiles, RunningCli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { credentialProcess, keySettings, writeProfiles } from '../support/profiles.ts';

// A profile is somebody's account, wherever the endpoint is: so the sandbox stands for AWS here.
const account = '111122223333';
const other = '444455556666';
let sandbox: Sandbox;
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox({ account });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  home = temporaryFolder();
  env = { AWS_ENDPOINT_URL: sandbox.endpoint, AWS_REGION: 'us-east-1', AWS_PROFILE: 'class' };
  writeProfiles(home, { class: keySettings(sandbox.credentials), elsewhere: keySettings(sandbox.credentialsOf(other)) });
});

async function streamsOf(owner: string): Promise<readonly string[]> {
  const client = new KinesisClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.credentialsOf(owner) });
  const { StreamNames = [] } = await client.send(new ListStreamsCommand({}));
  client.destroy();
  return StreamNames;
}

describe('where nobody can be asked', () => {
  it('nothing is done in an account that the command line does not name', async () => {
    const { code, stdout, stderr } = await cli(['start', writeLab(home, ['stream']), '--yes'], { home, env });
    expect(stderr).toContain(`Account ${account}, region us-east-1, at ${sandbox.endpoint}, as arn:aws:iam::${account}:root.\n`);
    expect(stderr).toContain(
      `Nobody can be asked whether account ${account} is the right one.\nSay so on the command line: --account ${account}\n`,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(ledgerFiles(home)).toEqual([]);
  });

  it('the lab runs in the account that the command line names', async () => {
    const { code, stdout } = await cli(['test', writeLab(home, ['stream']), '--target', 'aws', '--account', account], { home, env });
    expect(stdout).toContain('Done. 1 of 1 step met');
    expect(code).toBe(0);
  });

  it.each(['start', 'test'])('%s stops before anything when the credentials belong to another account', async (command) => {
    const args = [command, writeLab(home, ['stream']), '--target', 'aws', '--account', other];
    const { code, stdout, stderr } = await cli(command === 'start' ? [...args, '--yes'] : args, { home, env });
    expect(stderr).toContain(`The credentials belong to account ${account}, not to ${other}.`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('what the account is called stands beside its number', async () => {
    const iam = new IAMClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.credentialsOf(other) });
    await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'streams-101' }));
    iam.destroy();
    const { stderr } = await cli(['start', writeLab(home, ['stream']), '--yes', '--profile', 'elsewhere'], { home, env });
    expect(stderr).toContain(`Account ${other} (streams-101), region us-east-1`);
  });
});

describe('which credentials are used', () => {
  const who = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    (await cli(['start', writeLab(home, ['stream']), '--yes', ...args], { home, env: { ...env, ...more } })).stderr;
  const keys = () => {
    const { accessKeyId, secretAccessKey } = sandbox.credentialsOf('777788889999');
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  };

  it('is decided as by the AWS CLI: --profile before keys of the environment before AWS_PROFILE', async () => {
    expect(await who([])).toContain(`Account ${account}`);
    expect(await who(['--profile', 'elsewhere'], keys())).toContain(`Account ${other}`);
    const { stderr } = await cli(['start', writeLab(home, ['stream']), '--yes', '--account', '000000000000'], {
      home,
      env: { ...env, ...keys() },
    });
    expect(stderr).toContain('The credentials belong to account 777788889999, not to 000000000000.\n');
  });

  it('is said where a profile does not exist', async () => {
    expect(await who(['--profile', 'clas'])).toBe(
      'kinesis-labs: There is no profile "clas" in the configuration files of AWS.\nDid you mean "class"? There are: class, elsewhere.\n',
    );
  });

  it('is no secret-teller: a credential_process that fails is told without its command line', async () => {
    const process = credentialProcess(home, sandbox.credentials);
    process.fail('Login failed: password=hunter2 is wrong');
    writeProfiles(home, { class: process.settings });
    expect(await who([])).toMatch(
      /^kinesis-labs: No AWS credentials could be loaded: the credential_process of the profile failed\. Login failed: password=<hidden> is wrong\nRun aws configure or aws sso login, /,
    );
  });
});

describe('credentials that become those of another account in the middle of a lab', () => {
  it('stop it, and are used for nothing, not even for the teardown; clean removes everything with the right ones', async () => {
    const process = credentialProcess(home, sandbox.credentials, 240_000);
    writeProfiles(home, { class: process.settings });
    const lab = writeLab(home, ['stream', 'silence']);
    const running = new RunningCli(['start', lab, '--yes', '--account', account, '--prefix', 'swap'], { home, env });
    await running.shows('/nobody/writes');
    process.give(sandbox.credentialsOf(other));
    const { code, stdout } = await running.ended();
    expect(stdout.replace(/\s+/g, ' ')).toContain('The credentials have changed in the middle of the work');
    expect(stdout).toContain('✗ stream swap-orders is still there: The credentials have changed');
    expect(code).toBe(4);
    expect(await streamsOf(account)).toContain('swap-orders');
    expect(await streamsOf(other)).toEqual([]);

    const wrong = await cli(['clean', '--yes'], { home, env });
    expect(wrong.stderr).toContain(`The run was in account ${account}, and the credentials belong to account ${other}.`);
    expect(wrong.code).toBe(3);
    process.give(sandbox.credentials);
    expect(await cli(['clean', '--yes'], { home, env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ stream swap-orders'),
    });
    expect(await streamsOf(account)).not.toContain('swap-orders');
  });
});

describe('the configuration', () => {
  const configure = (text: string): void => {
    writeFileSync(join(home, 'config.yaml'), text);
    env['KINESIS_LABS_CONFIG'] = join(home, 'config.yaml');
  };
  const start = (...args: readonly string[]) =>
    cli(['start', writeLab(home, ['stream']), '--yes', '--account', account, ...args], { home, env });

  it('can allow some accounts, and so refuses all others', async () => {
    configure(`accounts:\n  allow: ["${other}"]\n`);
    const { code, stderr } = await start();
    expect(stderr).toContain(`Account ${account} is not among those that are allowed: ${other}.`);
    expect(stderr.replace(/\s+/g, ' ')).toContain(`or change ${join(home, 'config.yaml')}.`);
    expect(code).toBe(3);
    configure(`accounts:\n  allow: [${other}, 1111-2222-3333]\n`);
    expect(await start()).toMatchObject({ code: 0 });
  });

  it('can deny accounts, whatever is allowed', async () => {
    configure(`accounts:\n  allow: [${account}]\n  deny: [${account}]\n`);
    const { code, stderr } = await start();
    expect(stderr).toContain(`Account ${account} is among those that are denied.`);
    expect(code).toBe(3);
  });

  it('says nothing about the embedded sandbox', async () => {
    configure('accounts:\n  deny: ["000000000000"]\n  allow: [111111111111]\n');
    expect(await cli(['start', writeLab(home, ['stream']), '--yes', '--target', 'sandbox'], { home, env })).toMatchObject({ code: 0 });
  });

  it('that is not valid stops everything, with each problem at its place', async () => {
    configure('accounts:\n  allow: [12345]\n  denny: []\nhours: 2\nmax-hours: 0\n');
    const { code, stderr } = await start();
    const file = join(home, 'config.yaml');
    expect(stderr).toContain(`${file}:2:11 error: An account id has twelve digits.\n    allow: [12345]\n            ~~~~~\n`);
    expect(stderr).toContain(`${file}:3:3 error: \`accounts\` has no key \`denny\`.`);
    expect(stderr).toContain('Did you mean "deny"?');
    expect(stderr).toContain(`${file}:4:1 error: The configuration has no key \`hours\`.`);
    expect(stderr).toContain(`${file}:5:12 error: \`max-hours\` must be a number of hours, at most 168, and is the number 0.`);
    expect(stderr).toContain(`The configuration ${file} is not valid: 4 problems.`);
    expect(code).toBe(2);
  });

  it('that is named and not there stops everything: its lists must not be taken for empty', async () => {
    env['KINESIS_LABS_CONFIG'] = join(home, 'nowhere.yaml');
    const { code, stderr } = await start();
    expect(stderr).toContain(`The configuration ${join(home, 'nowhere.yaml')} cannot be read: there is no such file.`);
    expect(code).toBe(3);
  });

  it('is found in the folder for configurations, and may be empty', async () => {
    expect(existsSync(join(home, '.config'))).toBe(false);
    expect(await start()).toMatchObject({ code: 0 });
  });
});

describe('the environment that leads elsewhere', () => {
  it('is refused where it leads one service elsewhere than the others', async () => {
    const args = ['start', writeLab(home, ['stream']), '--yes', '--target', 'aws'];
    const { code, stderr } = await cli(args, { home, env: { ...env, AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:9' } });
    expect(stderr).toContain(`AWS_ENDPOINT_URL_KINESIS leads to http://127.0.0.1:9, and the other services are at ${sandbox.endpoint}.`);
    expect(stderr).toContain('unset AWS_ENDPOINT_URL_KINESIS');
    expect(code).toBe(3);
  });

  it('is found in the profile as well', async () => {
    writeProfiles(home, { class: { ...keySettings(sandbox.credentials), endpoint_url: sandbox.endpoint } });
    const { AWS_ENDPOINT_URL: _, ...rest } = env;
    const { stderr } = await cli(['start', writeLab(home, ['stream']), '--yes', '--target', 'aws'], { home, env: rest });
    expect(stderr).toContain(`Account ${account}, region us-east-1, at ${sandbox.endpoint}`);
  });
});

describe('secrets of a profile', () => {
  it('are in no ledger, whoever puts them into a variable', async () => {
    const lab = writeLab(home, ['stream', 'record']);
    const { secretAccessKey } = sandbox.credentials;
    const args = ['start', lab, '--yes', '--keep', '--account', account, '--prefix', 'kept', '--set', `message=${secretAccessKey}`];
    const { code, stdout, stderr } = await cli(args, { home, env });
    const [ledger = ''] = ledgerFiles(home);
    expect(readFileSync(ledger, 'utf8')).toContain('"message":"<hidden>"');
    for (const text of [stdout, stderr, readFileSync(ledger, 'utf8')]) expect(text).not.toContain(secretAccessKey.slice(5, 20));
    expect(code).toBe(0);
    const again = await cli(args, { home, env });
    expect(again.stdout).toContain('Going on where you left');
    expect(await cli(['clean', '--yes'], { home, env })).toMatchObject({ code: 0 });
  });
});
