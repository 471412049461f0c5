import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { cli, ledgerFiles, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { keySettings, writeProfiles } from '../support/profiles.ts';
import { roleSession } from '../support/role-session.ts';

const account = '111122223333';
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
});

async function profile(role: string, ...Action: readonly string[]): Promise<void> {
  const { credentials } = await roleSession(sandbox, role, [{ Effect: 'Allow', Action, Resource: '*' }]);
  writeProfiles(home, { class: keySettings(credentials) });
}

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('before the first write', () => {
  it('everything that stands in the way is said at once, and nothing is done', async () => {
    await profile('reader', 'kinesis:Describe*', 'kinesis:List*', 'iam:Simulate*');
    const kinesis = new Kinesis({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.credentials });
    await kinesis.createStream({ StreamName: 'taken-orders', ShardCount: 1 });
    const args = ['start', writeLab(home, ['stream']), '--yes', '--account', account, '--prefix', 'taken'];
    const { code, stdout, stderr } = await cli(args, { home, env });
    const principal = `arn:aws:sts::${account}:assumed-role/reader/tester`;
    expect(flat(stderr)).toContain(
      `✗ permissions: ${principal} may not do kinesis:CreateStream, kinesis:AddTagsToStream, kinesis:DeleteStream on`,
    );
    expect(flat(stderr)).toContain('✗ names: The stream taken-orders exists already, and this run did not create it.');
    expect(stderr).toContain(
      'Nothing was done: 2 things stand in the way (permissions, names).\nIf you know better, add --no-preflight.\n',
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(ledgerFiles(home)).toEqual([]);
    kinesis.destroy();
  });

  it('it can be told to be left out, and AWS says the same later', async () => {
    await profile('looker', 'kinesis:Describe*', 'kinesis:List*', 'iam:Simulate*');
    const args = ['start', writeLab(home, ['stream']), '--yes', '--account', account, '--no-preflight'];
    const { code, stdout } = await cli(args, { home, env });
    expect(flat(stdout)).toContain('AWS answered AccessDeniedException to kinesis:CreateStream');
    expect(code).toBe(3);
  });

  it('a permission that cannot be looked at is said, and the lab is done', async () => {
    await profile('doer', 'kinesis:*');
    const { code, stdout, stderr } = await cli(['test', writeLab(home, ['stream']), '--target', 'aws', '--account', account], {
      home,
      env,
    });
    expect(flat(stderr)).toContain('– permissions: could not be checked: iam:SimulatePrincipalPolicy answered AccessDenied');
    expect(stdout).toContain('Done. 1 of 1 step met');
    expect(code).toBe(0);
  });
});

describe('doctor, of a lab', () => {
  it('says the same without doing anything, and what the account is called', async () => {
    await profile('student', 'kinesis:*', 'iam:Simulate*', 'iam:GetRole');
    const { code, stdout } = await cli(['doctor', '02'], { home, env });
    const text = flat(stdout);
    expect(text).toContain(`✓ Node: ${process.versions.node}`);
    expect(text).toContain(`✓ state folder: ${join(home, 'state')}`);
    expect(text).toContain('✓ configuration: none; all accounts are allowed');
    expect(text).toContain(
      `✓ target ${sandbox.endpoint}: account ${account}, region us-east-1, as arn:aws:sts::${account}:assumed-role/student/tester`,
    );
    expect(text).toMatch(
      /✓ credentials: .* ✓ permissions: all \d+ that the lab needs are given ✓ quotas: .* ✓ quotas: .* ✓ names: none of the 2 is taken/,
    );
    expect(code).toBe(0);
  });

  it('ends with 3 when something stands in the way, and is JSON for programs', async () => {
    await profile('visitor', 'iam:Simulate*', 'iam:GetRole');
    const { code, stdout } = await cli(['doctor', '02', '--json'], { home, env });
    const findings = JSON.parse(stdout) as readonly { readonly about: string; readonly weight: string; readonly hint?: string }[];
    const fatal = findings.filter(({ weight }) => weight === 'fatal');
    expect(fatal).toContainEqual(
      expect.objectContaining({ about: 'permissions', message: expect.stringMatching(/CreateStream.*DemoStreamOnDemand\.$/) }),
    );
    expect(new Set(fatal.map(({ about }) => about))).toEqual(new Set(['permissions']));
    expect(code).toBe(3);
  });

  it('says what is wrong with the configuration, and which accounts it allows', async () => {
    mkdirSync(join(home, '.config', 'kinesis-labs'), { recursive: true });
    writeFileSync(
      join(home, '.config', 'kinesis-labs', 'config.yaml'),
      '# Only mine.\naccounts:\n  allow: [111122223333]\n  deny:\n    - 999999999999\n',
    );
    await profile('owner', 'kinesis:*');
    const good = await cli(['doctor'], { home, env });
    expect(flat(good.stdout)).toContain('config.yaml; allowed are 111122223333; denied are 999999999999');
    expect(good.code).toBe(0);
    writeFileSync(join(home, '.config', 'kinesis-labs', 'config.yaml'), 'accounts: {allow: x}\n');
    const bad = await cli(['doctor'], { home, env });
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
