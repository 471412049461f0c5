import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialStore } from '../../../src/sandbox/auth/credentials.ts';
import type { Cloud } from '../../../src/sandbox/cloud.ts';
import { operations as sts } from '../../../src/sandbox/sts/operations.ts';
import { bareCloud, contextOf, createRole, known } from '../../support/account.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { accountTrust, policyText, trustText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

describe('AssumeRole', () => {
  const clock = manualClock(Date.now());
  let aws: SandboxUnderTest;

  beforeAll(async () => {
    aws = await sandboxUnderTest({ clock });
    await aws.iam.createRole({ RoleName: 'plain', AssumeRolePolicyDocument: accountTrust });
    await aws.iam.createRole({ RoleName: 'long', AssumeRolePolicyDocument: accountTrust, MaxSessionDuration: 7200 });
    const Condition = { StringEquals: { 'sts:ExternalId': 'open-sesame' } };
    await aws.iam.createRole({ RoleName: 'external', AssumeRolePolicyDocument: trustText({ AWS: '*' }, { Condition }) });
  });
  afterAll(() => aws.stop());

  it('gives credentials of a session of the role', async () => {
    const answer = await aws.sts.assumeRole({ RoleArn: roleArn('plain'), RoleSessionName: 'session-1' });
    expect(answer.AssumedRoleUser).toEqual({
      Arn: 'arn:aws:sts::000000000000:assumed-role/plain/session-1',
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session-1$/),
    });
    expect(answer.Credentials).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: new Date(Math.floor(clock.now() / 1000 + 3600) * 1000),
    });
    const identity = await aws.as(keysOf(answer.Credentials)).sts.getCallerIdentity({});
    expect(identity).toMatchObject({
      Account: '000000000000',
      Arn: answer.AssumedRoleUser?.Arn,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
    });
  });

  it('answers a role that does not exist as one that does not trust the caller', async () => {
    expect(await refusal(aws.sts.assumeRole({ RoleArn: roleArn('nobody'), RoleSessionName: 's1' }))).toEqual({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: ${roleArn('nobody')}`,
      status: 403,
    });
  });

  it.each([
    [
      'a session name with a colon',
      { RoleSessionName: 'Session1:2' },
      String.raw`1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
    ],
    [
      'a session name of one character',
      { RoleSessionName: 's' },
      "1 validation error detected: Value 's' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    ['what is not the ARN of a role', { RoleArn: 'arn:aws:s3:::my-own-bucket' }, 'arn:aws:s3:::my-own-bucket is invalid'],
    [
      'fourteen minutes',
      { DurationSeconds: 899 },
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'longer than the role allows',
      { DurationSeconds: 3601 },
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
  ])('refuses %s', async (_what, over, message) => {
    const refused = await refusal(aws.sts.assumeRole({ RoleArn: roleArn('plain'), RoleSessionName: 's1', ...over }));
    expect(refused).toEqual({ name: 'ValidationError', message, status: 400 });
  });

  it('lets a role that assumes a role have an hour at the most', async () => {
    const RoleName = 'chained';
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: policyText() });
    const { sts: chained } = await aws.asRole(RoleName);
    const ask = (DurationSeconds: number) => chained.assumeRole({ RoleArn: roleArn('long'), RoleSessionName: 's1', DurationSeconds });
    expect(await refusal(ask(3601))).toMatchObject({ name: 'ValidationError', message: expect.stringContaining('role chaining') });
    await ask(3600);
    await aws.sts.assumeRole({ RoleArn: roleArn('long'), RoleSessionName: 's1', DurationSeconds: 7200 });
  });

  it('wants the external id that the trust policy asks for', async () => {
    const assume = (ExternalId?: string) =>
      aws.sts.assumeRole({ RoleArn: roleArn('external'), RoleSessionName: 's1', ...(ExternalId === undefined ? {} : { ExternalId }) });
    await assume('open-sesame');
    expect(await refusal(assume())).toMatchObject({ name: 'AccessDenied' });
    expect(await refusal(assume('open-barley'))).toMatchObject({ name: 'AccessDenied' });
  });

  it('refuses a session policy that is not valid', async () => {
    const refused = await refusal(aws.sts.assumeRole({ RoleArn: roleArn('plain'), RoleSessionName: 's1', Policy: '{}' }));
    expect(refused).toMatchObject({ name: 'MalformedPolicyDocumentException', message: 'Syntax errors in policy.' });
  });

  it('gives credentials that end', async () => {
    const { Credentials } = await aws.sts.assumeRole({ RoleArn: roleArn('plain'), RoleSessionName: 's1', DurationSeconds: 900 });
    const { sts: caller } = aws.as(keysOf(Credentials));
    await clock.advance(899_000);
    await caller.getCallerIdentity({});
    await clock.advance(2_000);
    expect((await refusal(caller.getCallerIdentity({}))).name).toMatch(/^ExpiredToken/);
  });
});

describe('AssumeRole between accounts', () => {
  const [home, away] = ['000000000000', '111111111111'];
  let cloud: Cloud;

  beforeEach(() => {
    ({ cloud } = bareCloud());
  });
  afterEach(() => cloud.stop());

  const assume = (account: string, RoleArn: string, principal = contextOf(cloud, account).principal) =>
    known(sts.AssumeRole).handle({ RoleArn, RoleSessionName: 'visitor' }, contextOf(cloud, account, principal));
  const principalOf = async (account: string, role: string) => {
    const answer = await assume(account, role);
    const principal = credentialStore(cloud).find(answer.Credentials?.AccessKeyId ?? '')?.principal;
    if (principal === undefined) throw new Error('No credentials were issued.');
    return principal;
  };

  it('moves into the account of the role when it trusts the account of the caller', async () => {
    const role = await createRole(cloud, away, 'student', trustText({ AWS: `arn:aws:iam::${home}:root` }));
    expect(await principalOf(home, role)).toMatchObject({
      account: away,
      arn: `arn:aws:sts::${away}:assumed-role/student/visitor`,
    });
  });

  it('is refused when the role trusts somebody else', async () => {
    const role = await createRole(cloud, away, 'student', trustText({ AWS: '222222222222' }));
    expect(() => assume(home, role)).toThrow(
      `User: arn:aws:iam::${home}:root is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    );
  });

  it('needs the permission of the own account even for who is trusted by name', async () => {
    const instructor = await createRole(cloud, home, 'instructor', accountTrust, policyText({ Action: 's3:*' }));
    const allowed = await createRole(cloud, home, 'allowed', accountTrust, policyText({ Action: 'sts:AssumeRole' }));
    const role = await createRole(cloud, away, 'student', trustText({ AWS: [instructor, allowed] }));
    const [refused, welcome] = [await principalOf(home, instructor), await principalOf(home, allowed)];
    expect(() => assume(home, role, refused)).toThrow('is not authorized to perform: sts:AssumeRole');
    expect(await assume(home, role, welcome)).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${away}:assumed-role/student/visitor` },
    });
  });

  it('is refused by an explicit deny on either side', async () => {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' },
        { Effect: 'Deny', Principal: { AWS: home }, Action: 'sts:AssumeRole' },
      ],
    });
    const role = await createRole(cloud, away, 'student', trust);
    expect(() => assume(home, role)).toThrow('is not authorized');
    expect(() => assume('222222222222', role)).not.toThrow();
  });
});
