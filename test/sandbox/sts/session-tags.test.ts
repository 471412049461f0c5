import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyText, trustText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
const account = '000000000000';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const blue = [{ Key: 'team', Value: 'blue' }];

beforeAll(async () => {
  aws = await sandboxUnderTest();
  const tagging = trustText({ AWS: account }, { Action: ['sts:AssumeRole', 'sts:TagSession'] });
  const red = [{ Key: 'Team', Value: 'red' }];
  await aws.iam.createRole({ RoleName: 'tagged', AssumeRolePolicyDocument: tagging, Tags: red });
  await aws.iam.createRole({ RoleName: 'next', AssumeRolePolicyDocument: tagging });
  await aws.iam.createRole({ RoleName: 'plain', AssumeRolePolicyDocument: trustText({ AWS: account }) });
  const onlyBlue = { StringEquals: { 'aws:PrincipalTag/team': 'blue' } };
  for (const RoleName of ['tagged', 'next', 'plain']) {
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'logs', PolicyDocument: policyText({ Action: 'logs:*', Condition: onlyBlue }) });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'sts', PolicyDocument: policyText({ Action: 'sts:*' }) });
  }
});
afterAll(() => aws.stop());

async function assume(RoleName: string, over: object = {}, sts = aws.sts) {
  const { Credentials } = await sts.assumeRole({ RoleArn: roleArn(RoleName), RoleSessionName: 'tester', ...over });
  return aws.as(keysOf(Credentials));
}
const denied = expect.objectContaining({ name: 'AccessDeniedException' });

describe('the tags of a session', () => {
  it('take the place of those of its role, whatever their case, where policies ask for them', async () => {
    await (await assume('tagged', { Tags: blue })).logs.describeLogGroups({});
    expect(await refusal((await assume('tagged')).logs.describeLogGroups({}))).toEqual(denied);
  });

  it('have to be allowed by the trust policy', async () => {
    expect(await refusal(assume('plain', { Tags: blue }))).toEqual({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${account}:root is not authorized to perform: sts:TagSession on resource: ${roleArn('plain')}`,
      status: 403,
    });
    await assume('plain');
  });

  it('go on to the next session only where they are transitive', async () => {
    const transitive = await assume('tagged', { Tags: blue, TransitiveTagKeys: ['TEAM'] });
    const next = await assume('next', {}, transitive.sts);
    await next.logs.describeLogGroups({});
    const stopped = await assume('next', {}, (await assume('tagged', { Tags: blue })).sts);
    expect(await refusal(stopped.logs.describeLogGroups({}))).toEqual(denied);
    expect((await refusal(assume('next', { Tags: blue }, transitive.sts))).message).toBe(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  });

  it('are refused where their keys are the same but for their case, or are no tags', async () => {
    const twice = [...blue, { Key: 'TEAM', Value: 'red' }];
    expect(await refusal(assume('tagged', { Tags: twice }))).toEqual({
      name: 'InvalidParameterValue',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      status: 400,
    });
    expect((await refusal(assume('tagged', { Tags: blue, TransitiveTagKeys: ['other'] }))).message).toBe(
      'The specified transitive tag key must be included in the requested tags.',
    );
  });
});

describe('AssumeRole', () => {
  it('sets a source identity only where the trust policy allows that', async () => {
    expect((await refusal(assume('plain', { SourceIdentity: 'ann' }))).message).toContain('sts:SetSourceIdentity on resource');
    const Action = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
    await aws.iam.createRole({ RoleName: 'named', AssumeRolePolicyDocument: trustText({ AWS: account }, { Action }) });
    const call = { RoleArn: roleArn('named'), RoleSessionName: 'tester', SourceIdentity: 'ann' };
    expect((await aws.sts.assumeRole(call)).SourceIdentity).toBe('ann');
  });

  it('refuses by name what it does not act on', async () => {
    const device = { SerialNumber: 'arn:aws:iam::000000000000:mfa/ann', TokenCode: '123456' };
    expect(await refusal(assume('plain', device))).toMatchObject({ name: 'NotImplemented', status: 501 });
  });
});
