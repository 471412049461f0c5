import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateAccountAliasCommand, IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, ledgerFiles } from '../support/cli.ts';
import { profiledAccount } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';
import { credentialProcess, keySettings, writeProfiles } from '../support/profiles.ts';

const owner = profiledAccount();
const { account } = owner;
const other = '444455556666';
beforeEach(() => {
  const { credentials, credentialsOf } = owner.sandbox;
  writeProfiles(owner.home, { class: keySettings(credentials), elsewhere: keySettings(credentialsOf(other)) });
});

async function streamsOf(holder: string): Promise<readonly string[]> {
  const { endpoint, region, credentialsOf } = owner.sandbox;
  const client = new KinesisClient({ endpoint, region, credentials: credentialsOf(holder) });
  const { StreamNames = [] } = await client.send(new ListStreamsCommand({}));
  client.destroy();
  return StreamNames;
}

describe('where nobody can be asked', () => {
  it('nothing is done in an account that the command line does not name', async () => {
    const { code, stdout, stderr } = await owner.run('start', writeLab(owner.home, ['stream']), '--yes');
    expect(stderr).toContain(`Account ${account}, region us-east-1, at ${owner.endpoint}, as arn:aws:iam::${account}:root.\n`);
    expect(stderr).toContain(
      `Nobody can be asked whether account ${account} is the right one.\nSay so on the command line: --account ${account}\n`,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(ledgerFiles(owner.home)).toEqual([]);
  });

  it('the lab runs in the account that the command line names', async () => {
    const { code, stdout } = await owner.run('test', writeLab(owner.home, ['stream']), '--target', 'aws', '--account', account);
    expect(stdout).toContain('Done. 1 of 1 step met');
    expect(code).toBe(0);
  });

  it.each(['start', 'test'])('%s stops before anything when the credentials belong to another account', async (command) => {
    const args = [command, writeLab(owner.home, ['stream']), '--target', 'aws', '--account', other];
    const { code, stdout, stderr } = await owner.run(...args, ...(command === 'start' ? ['--yes'] : []));
    expect(stderr).toContain(`The credentials belong to account ${account}, not to ${other}.`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('what the account is called stands beside its number', async () => {
    const { endpoint, region, credentialsOf } = owner.sandbox;
    const iam = new IAMClient({ endpoint, region, credentials: credentialsOf(other) });
    await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'streams-101' }));
    iam.destroy();
    const { stderr } = await owner.run('start', writeLab(owner.home, ['stream']), '--yes', '--profile', 'elsewhere');
    expect(stderr).toContain(`Account ${other} (streams-101), region us-east-1`);
  });
});

describe('which credentials are used', () => {
  const who = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    (await cli(['start', writeLab(owner.home, ['stream']), '--yes', ...args], { home: owner.home, env: { ...owner.env, ...more } })).stderr;
  const keys = () => {
    const { accessKeyId, secretAccessKey } = owner.sandbox.credentialsOf('777788889999');
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  };

  it('is decided as by the AWS CLI: --profile before keys of the environment before AWS_PROFILE', async () => {
    expect(await who([])).toContain(`Account ${account}`);
    expect(await who(['--profile', 'elsewhere'], keys())).toContain(`Account ${other}`);
    const { stderr } = await cli(['start', writeLab(owner.home, ['stream']), '--yes', '--account', '000000000000'], {
      home: owner.home,
      env: { ...owner.env, ...keys() },
    });
    expect(stderr).toContain('The credentials belong to account 777788889999, not to 000000000000.\n');
  });

  it('is said where a profile does not exist', async () => {
    expect(await who(['--profile', 'clas'])).toBe(
      'kinesis-labs: There is no profile "clas" in the configuration files of AWS.\nDid you mean "class"? There are: class, elsewhere.\n',
    );
  });

  it('is no secret-teller: a credential_process that fails is told without its command line', async () => {
    const process = credentialProcess(owner.home, owner.sandbox.credentials);
    process.fail('Login failed: password=hunter2 is wrong');
    owner.become(process.settings);
    expect(await who([])).toMatch(
      /^kinesis-labs: No AWS credentials could be loaded: the credential_process of the profile failed\. Login failed: password=<hidden> is wrong\nRun aws configure or aws sso login, /,
    );
  });
});

describe('credentials that become those of another account in the middle of a lab', () => {
  it('stop it, and are used for nothing, not even for the teardown; clean removes everything with the right ones', async () => {
    const process = credentialProcess(owner.home, owner.sandbox.credentials, 240_000);
    owner.become(process.settings);
    const lab = writeLab(owner.home, ['stream', 'silence']);
    const running = owner.start('start', lab, '--yes', '--account', account, '--prefix', 'swap');
    await running.shows('/nobody/writes');
    process.give(owner.sandbox.credentialsOf(other));
    const { code, stdout } = await running.ended();
    expect(stdout.replace(/\s+/g, ' ')).toContain('The credentials have changed in the middle of the work');
    expect(stdout).toContain('✗ stream swap-orders is still there: The credentials have changed');
    expect(code).toBe(4);
    expect(await streamsOf(account)).toContain('swap-orders');
    expect(await streamsOf(other)).toEqual([]);

    const wrong = await owner.run('clean', '--yes');
    expect(wrong.stderr).toContain(`The run was in account ${account}, and the credentials belong to account ${other}.`);
    expect(wrong.code).toBe(3);
    process.give(owner.sandbox.credentials);
    expect(await owner.run('clean', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ stream swap-orders'),
    });
    expect(await streamsOf(account)).not.toContain('swap-orders');
  });
});

describe('the configuration', () => {
  const configure = (text: string): void => {
    writeFileSync(join(owner.home, 'config.yaml'), text);
    owner.env['KINESIS_LABS_CONFIG'] = join(owner.home, 'config.yaml');
  };
  const start = (...args: readonly string[]) =>
    owner.run('start', writeLab(owner.home, ['stream']), '--yes', '--account', account, ...args);

  it('can allow some accounts, and so refuses all others', async () => {
    configure(`accounts:\n  allow: ["${other}"]\n`);
    const { code, stderr } = await start();
    expect(stderr).toContain(`Account ${account} is not among those that are allowed: ${other}.`);
    expect(stderr.replace(/\s+/g, ' ')).toContain(`or change ${join(owner.home, 'config.yaml')}.`);
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
    expect(await owner.run('start', writeLab(owner.home, ['stream']), '--yes', '--target', 'sandbox')).toMatchObject({ code: 0 });
  });

  it('that is not valid stops everything, with each problem at its place', async () => {
    configure('accounts:\n  allow: [12345]\n  denny: []\nhours: 2\nmax-hours: 0\n');
    const { code, stderr } = await start();
    const file = join(owner.home, 'config.yaml');
    expect(stderr).toContain(`${file}:2:11 error: An account id has twelve digits.\n    allow: [12345]\n            ~~~~~\n`);
    expect(stderr).toContain(`${file}:3:3 error: \`accounts\` has no key \`denny\`.`);
    expect(stderr).toContain('Did you mean "deny"?');
    expect(stderr).toContain(`${file}:4:1 error: The configuration has no key \`hours\`.`);
    expect(stderr).toContain(`${file}:5:12 error: \`max-hours\` must be a number of hours, at most 168, and is the number 0.`);
    expect(stderr).toContain(`The configuration ${file} is not valid: 4 problems.`);
    expect(code).toBe(2);
  });

  it('that is named and not there stops everything: its lists must not be taken for empty', async () => {
    owner.env['KINESIS_LABS_CONFIG'] = join(owner.home, 'nowhere.yaml');
    const { code, stderr } = await start();
    expect(stderr).toContain(`The configuration ${join(owner.home, 'nowhere.yaml')} cannot be read: there is no such file.`);
    expect(code).toBe(3);
  });

  it('is found in the folder for configurations, and may be empty', async () => {
    expect(existsSync(join(owner.home, '.config'))).toBe(false);
    expect(await start()).toMatchObject({ code: 0 });
  });
});

describe('the environment that leads elsewhere', () => {
  it('is refused where it leads one service elsewhere than the others', async () => {
    const args = ['start', writeLab(owner.home, ['stream']), '--yes', '--target', 'aws'];
    const { code, stderr } = await cli(args, { home: owner.home, env: { ...owner.env, AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:9' } });
    expect(stderr).toContain(`AWS_ENDPOINT_URL_KINESIS leads to http://127.0.0.1:9, and the other services are at ${owner.endpoint}.`);
    expect(stderr).toContain('unset AWS_ENDPOINT_URL_KINESIS');
    expect(code).toBe(3);
  });

  it('is found in the profile as well', async () => {
    owner.become({ ...keySettings(owner.sandbox.credentials), endpoint_url: owner.endpoint });
    const { AWS_ENDPOINT_URL: _, ...rest } = owner.env;
    const { stderr } = await cli(['start', writeLab(owner.home, ['stream']), '--yes', '--target', 'aws'], { home: owner.home, env: rest });
    expect(stderr).toContain(`Account ${account}, region us-east-1, at ${owner.endpoint}`);
  });
});

describe('secrets of a profile', () => {
  it('are in no ledger, whoever puts them into a variable', async () => {
    const lab = writeLab(owner.home, ['stream', 'record']);
    const { secretAccessKey } = owner.sandbox.credentials;
    const args = ['start', lab, '--yes', '--keep', '--account', account, '--prefix', 'kept', '--set', `message=${secretAccessKey}`];
    const { code, stdout, stderr } = await owner.run(...args);
    const [ledger = ''] = ledgerFiles(owner.home);
    expect(readFileSync(ledger, 'utf8')).toContain('"message":"<hidden>"');
    for (const text of [stdout, stderr, readFileSync(ledger, 'utf8')]) expect(text).not.toContain(secretAccessKey.slice(5, 20));
    expect(code).toBe(0);
    const again = await owner.run(...args);
    expect(again.stdout).toContain('Going on where you left');
    expect(await owner.run('clean', '--yes')).toMatchObject({ code: 0 });
  });
});
