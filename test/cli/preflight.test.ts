import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { cli, ledgerFiles } from '../support/cli.ts';
import { profiledAccount } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';
import { keySettings } from '../support/profiles.ts';
import { roleSession } from '../support/role-session.ts';

const owner = profiledAccount();
const { account } = owner;

async function profile(role: string, ...Action: readonly string[]): Promise<void> {
  const { credentials } = await roleSession(owner.sandbox, role, [{ Effect: 'Allow', Action, Resource: '*' }]);
  owner.become(keySettings(credentials));
}

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('before the first write', () => {
  it('everything that stands in the way is said at once, and nothing is done', async () => {
    await profile('reader', 'kinesis:Describe*', 'kinesis:List*', 'iam:Simulate*');
    const { endpoint, region, credentials } = owner.sandbox;
    const kinesis = new Kinesis({ endpoint, region, credentials });
    await kinesis.createStream({ StreamName: 'taken-orders', ShardCount: 1 });
    const args = ['start', writeLab(owner.home, ['stream']), '--yes', '--account', account, '--prefix', 'taken'];
    const { code, stdout, stderr } = await owner.run(...args);
    const principal = `arn:aws:sts::${account}:assumed-role/reader/tester`;
    expect(flat(stderr)).toContain(
      `✗ permissions: ${principal} may not do kinesis:CreateStream, kinesis:AddTagsToStream, kinesis:DeleteStream on`,
    );
    expect(flat(stderr)).toContain('✗ names: The stream taken-orders exists already, and this run did not create it.');
    expect(stderr).toContain(
      'Nothing was done: 2 things stand in the way (permissions, names).\nIf you know better, add --no-preflight.\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(ledgerFiles(owner.home)).toEqual([]);
    kinesis.destroy();
  });

  it('it can be told to be left out, and AWS says the same later', async () => {
    await profile('looker', 'kinesis:Describe*', 'kinesis:List*', 'iam:Simulate*');
    const args = ['start', writeLab(owner.home, ['stream']), '--yes', '--account', account, '--no-preflight'];
    const { code, stdout } = await owner.run(...args);
    expect(flat(stdout)).toContain('AWS answered AccessDeniedException to kinesis:CreateStream');
    expect(code).toBe(3);
  });

  it('a permission that cannot be looked at is said, and the lab is done', async () => {
    await profile('doer', 'kinesis:*');
    const { code, stdout, stderr } = await owner.run('test', writeLab(owner.home, ['stream']), '--target', 'aws', '--account', account);
    expect(flat(stderr)).toContain('– permissions: could not be checked: iam:SimulatePrincipalPolicy answered AccessDenied');
    expect(stdout).toContain('Done. 1 of 1 step met');
    expect(code).toBe(0);
  });
});

describe('doctor, of a lab', () => {
  it('says the same without doing anything, and what the account is called', async () => {
    await profile('student', 'kinesis:*', 'iam:Simulate*', 'iam:GetRole');
    const { code, stdout } = await owner.run('doctor', '02');
    const text = flat(stdout);
    expect(text).toContain(`✓ Node: ${process.versions.node}`);
    expect(text).toContain(`✓ state folder: ${join(owner.home, 'state')}`);
    expect(text).toContain('✓ configuration: none; all accounts are allowed');
    expect(text).toContain(
      `✓ target ${owner.endpoint}: account ${account}, region us-east-1, as arn:aws:sts::${account}:assumed-role/student/tester`,
    );
    expect(text).toMatch(
      /✓ credentials: .* ✓ permissions: all \d+ that the lab needs are given ✓ quotas: .* ✓ quotas: .* ✓ names: none of the 3 is taken/,
    );
    expect(code).toBe(0);
  });

  it('ends with 3 when something stands in the way, and is JSON for programs', async () => {
    await profile('visitor', 'iam:Simulate*', 'iam:GetRole');
    const { code, stdout } = await owner.run('doctor', '02', '--json');
    const findings = JSON.parse(stdout) as readonly { readonly about: string; readonly weight: string; readonly hint?: string }[];
    const fatal = findings.filter(({ weight }) => weight === 'fatal');
    expect(fatal).toContainEqual(
      expect.objectContaining({ about: 'permissions', message: expect.stringMatching(/CreateStream.*DemoStreamOnDemand\.$/) }),
    );
    expect(new Set(fatal.map(({ about }) => about))).toEqual(new Set(['permissions']));
    expect(code).toBe(3);
  });

  it('says what is wrong with the configuration, and which accounts it allows', async () => {
    mkdirSync(join(owner.home, '.config', 'kinesis-labs'), { recursive: true });
    writeFileSync(
      join(owner.home, '.config', 'kinesis-labs', 'config.yaml'),
      '# Only mine.\naccounts:\n  allow: [111122223333]\n  deny:\n    - 999999999999\n',
    );
    await profile('owner', 'kinesis:*');
    const good = await owner.run('doctor');
    expect(flat(good.stdout)).toContain('config.yaml; allowed are 111122223333; denied are 999999999999');
    expect(good.code).toBe(0);
    writeFileSync(join(owner.home, '.config', 'kinesis-labs', 'config.yaml'), 'accounts: {allow: x}\n');
    const bad = await owner.run('doctor');
    expect(bad.stderr).toContain('config.yaml:1:19 error: `accounts.allow` must be a list of account ids, and is the text "x".');
    expect(flat(bad.stdout)).toContain('✗ configuration: The configuration');
    expect(bad.code).toBe(3);
  });

  it('says that the state folder cannot be written to', async () => {
    const { code, stdout } = await cli(['doctor'], { env: { KINESIS_LABS_HOME: '/dev/null/state' } });
    expect(flat(stdout)).toContain(
      '✗ state folder: What runs create cannot be written down in /dev/null/state: a part of its path is not a folder.',
    );
    expect(code).toBe(3);
  });
});
