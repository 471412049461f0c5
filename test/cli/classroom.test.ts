import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';

const account = '111122223333';
const lasting = lastingSandbox({ account });

async function classroom(args: readonly string[], home: string) {
  const ended = await cli(['classroom', 'template', '--trust', account, ...args], { home });
  const roster = join(home, 'classroom', 'roster.csv');
  return { ...ended, roster: existsSync(roster) ? readFileSync(roster, 'utf8').trim().split('\r\n') : undefined };
}

function templateIn(home: string) {
  return parse(readFileSync(join(home, 'classroom', 'verifier.yaml'), 'utf8'), { schema: 'yaml-1.1' });
}

/** What CloudFormation makes of the functions in a template. */
function deployed(value: unknown, parameters: Readonly<Record<string, string>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => deployed(each, parameters));
  if ('Ref' in value) return parameters[String(value.Ref)];
  if ('Fn::Sub' in value) return String(value['Fn::Sub']).replace(/\$\{([\w:]+)\}/g, (_, name: string) => parameters[name] ?? '');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deployed(member, parameters)]));
}

describe('classroom template', () => {
  it('writes a role that verify looks as in the account of a student who has deployed it with their ExternalId', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'class.csv'), `student,account,section\nada,${account},A\n`);
    const { code, stdout, roster = [] } = await classroom(['--lab', '02', '--students', 'class.csv'], home);
    expect(code).toBe(0);
    expect(stdout).toContain('Then: kinesis-labs verify 02 --roster classroom/roster.csv');
    const [, , role, externalId = ''] = (roster[1] ?? '').split(',');
    expect(roster).toEqual([
      'student,account,role_arn,external_id,region,prefix,section',
      `ada,${account},arn:aws:iam::${account}:role/kinesis-labs-verifier,${externalId},,,A`,
    ]);
    expect(externalId).toMatch(/^[0-9a-f]{24}$/);

    const parameters = { 'AWS::Partition': 'aws', 'AWS::AccountId': account, ExternalId: externalId };
    const { Verifier } = deployed(templateIn(home).Resources, parameters) as Record<string, { Properties: Record<string, never> }>;
    const { RoleName, AssumeRolePolicyDocument, Policies } = Verifier?.Properties ?? {};
    const iam = new IAM({ endpoint: lasting.endpoint, region: 'us-east-1', credentials: lasting.sandbox.credentials });
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) });
    for (const { PolicyName, PolicyDocument } of Policies ?? [])
      await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
    iam.destroy();

    expect((await cli(['start', '02', '--yes', '--keep', '--prefix', 'ada'], { home, env: lasting.env })).code).toBe(0);
    const look = () => cli(['verify', '02', '--roster', 'classroom/roster.csv', '--target', lasting.endpoint], { home, env: lasting.env });
    expect(await look()).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ ada .* met/) });

    writeFileSync(join(home, 'classroom', 'roster.csv'), `student,role_arn,external_id\nada,${role},another\n`);
    const refused = await look();
    expect(refused.code).toBe(3);
    expect(refused.stdout.replace(/\s+/g, ' ')).toContain('cannot be assumed');
  });

  it('keeps the ExternalIds that students have, and gives one to those who are new', async () => {
    const home = temporaryFolder();
    const list = join(home, 'class.csv');
    writeFileSync(list, `student,account,external_id\nada,${account},given-to-ada\n"Babbage, C",222222222222,\n`);
    const first = await classroom(['--students', 'class.csv'], home);
    expect(first.roster?.[1]).toContain(',given-to-ada,');
    writeFileSync(list, `student,account\n"Babbage, C",222222222222\nada,${account}\neve,333333333333\n`);
    const second = await classroom(['--students', 'class.csv'], home);
    expect(second.roster?.slice(1, 3)).toEqual([first.roster?.[2], first.roster?.[1]]);
    expect(second.roster?.[3]).toMatch(/^eve,333333333333,/);
  });

  it('names students whose account nobody knows, and writes nothing then', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'class.csv'), 'student\nada\nbob\n');
    const { code, stderr } = await classroom(['--students', 'class.csv'], home);
    expect(code).toBe(2);
    expect(stderr).toContain('class.csv has no account for 2 students: ada, bob.');
    expect(existsSync(join(home, 'classroom'))).toBe(false);
  });

  it('does without students, and does not write over what somebody else has written', async () => {
    const home = temporaryFolder();
    const { code, stdout, roster } = await classroom(['--lab', '01', '--role-name', 'look'], home);
    expect({ code, roster }).toEqual({ code: 0, roster: undefined });
    expect(stdout).toContain('With --students FILE, a roster is written as well');
    expect(templateIn(home)).toMatchObject({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: { Verifier: { Properties: { RoleName: 'look' } } },
    });
    const file = join(home, 'classroom', 'verifier.yaml');
    writeFileSync(file, 'mine: true\n');
    const refused = await classroom(['--lab', '01'], home);
    expect(refused.code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('mine: true\n');
  });

  it('wants the number of the account that looks', async () => {
    const { code, stderr } = await cli(['classroom', 'template', '--trust', 'me']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('--trust wants the twelve digits of an AWS account, and got "me".'),
    });
  });
});
