import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountTrust, lambdaTrust, policyText, trustText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
let made = 0;

beforeAll(async () => {
  aws = await sandboxUnderTest();
});
afterAll(() => aws.stop());

/** A role that its account may assume, with one inline policy. */
async function roleWith(PolicyDocument: string, over: Readonly<Record<string, unknown>> = {}): Promise<string> {
  made += 1;
  const RoleName = `role-${made}`;
  await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust, ...over });
  await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument });
  return RoleName;
}

const session = (role: string) => `arn:aws:sts::000000000000:assumed-role/${role}/tester`;

describe('a role', () => {
  it('may do what its policies allow, and is told in the words of AWS what they do not', async () => {
    const role = await roleWith(policyText({ Action: ['logs:CreateLogGroup', 'logs:DescribeLogGroups'] }));
    const { logs } = await aws.asRole(role);
    await logs.createLogGroup({ logGroupName: '/allowed' });
    expect(await refusal(logs.deleteLogGroup({ logGroupName: '/allowed' }))).toEqual({
      name: 'AccessDeniedException',
      message: `User: ${session(role)} is not authorized to perform: logs:DeleteLogGroup on resource: arn:aws:logs:us-east-1:000000000000:log-group:/allowed:log-stream: because no identity-based policy allows the logs:DeleteLogGroup action`,
      status: 400,
    });
  });

  it('is refused by IAM and STS with their own code and status', async () => {
    const role = await roleWith(policyText({ Action: 's3:*' }));
    const { iam } = await aws.asRole(role);
    expect(await refusal(iam.getRole({ RoleName: role }))).toEqual({
      name: 'AccessDenied',
      message: `User: ${session(role)} is not authorized to perform: iam:GetRole on resource: arn:aws:iam::000000000000:role/${role} because no identity-based policy allows the iam:GetRole action`,
      status: 403,
    });
    expect(await refusal(iam.listRoles({}))).toMatchObject({ message: expect.stringContaining('iam:ListRoles on resource: *') });
  });

  it('is told of an explicit deny', async () => {
    const role = await roleWith(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: 'logs:Delete*', Resource: 'arn:aws:logs:*:*:log-group:/precious*' },
        ],
      }),
    );
    const { logs } = await aws.asRole(role);
    await logs.createLogGroup({ logGroupName: '/precious' });
    await logs.createLogGroup({ logGroupName: '/other' });
    await logs.deleteLogGroup({ logGroupName: '/other' });
    const refused = await refusal(logs.deleteLogGroup({ logGroupName: '/precious' }));
    expect(refused.message).toMatch(/logs:DeleteLogGroup on resource: \S+ with an explicit deny in an identity-based policy$/);
  });

  it('is asked for permission before it is told whether a thing exists', async () => {
    const { logs } = await aws.asRole(await roleWith(policyText({ Action: 's3:*' })));
    expect(await refusal(logs.deleteLogGroup({ logGroupName: '/nothing' }))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('needs the :* behind the name of a log group', async () => {
    const withStar = await aws.asRole(await roleWith(policyText({ Resource: 'arn:aws:logs:us-east-1:000000000000:log-group:/starred:*' })));
    await withStar.logs.createLogGroup({ logGroupName: '/starred' });
    await withStar.logs.createLogStream({ logGroupName: '/starred', logStreamName: 's' });
    const without = await aws.asRole(await roleWith(policyText({ Resource: 'arn:aws:logs:us-east-1:000000000000:log-group:/starred' })));
    expect(await refusal(without.logs.describeLogStreams({ logGroupName: '/starred' }))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('gains and loses permissions at once', async () => {
    const RoleName = await roleWith(policyText({ Action: 's3:*' }));
    const PolicyArn = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';
    const { logs } = await aws.asRole(RoleName);
    expect(await refusal(logs.describeLogGroups({}))).toMatchObject({ name: 'AccessDeniedException' });
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    await logs.describeLogGroups({});
    await aws.iam.detachRolePolicy({ RoleName, PolicyArn });
    expect(await refusal(logs.describeLogGroups({}))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is bounded by its permissions boundary', async () => {
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';
    const { logs } = await aws.asRole(await roleWith(policyText(), { PermissionsBoundary }));
    await logs.describeLogGroups({});
    expect((await refusal(logs.createLogGroup({ logGroupName: '/bounded' }))).message).toMatch(
      /because no permissions boundary allows the logs:CreateLogGroup action$/,
    );
  });

  it('is known to conditions by its ARN, its account and its tags', async () => {
    const condition = (value: Readonly<Record<string, string>>) => policyText({ Condition: { StringEquals: value } });
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const name = await roleWith(condition({ 'aws:PrincipalTag/team': 'blue', 'aws:PrincipalAccount': '000000000000' }), { Tags });
    await (await aws.asRole(name)).logs.describeLogGroups({});
    await aws.iam.tagRole({ RoleName: name, Tags: [{ Key: 'team', Value: 'red' }] });
    expect(await refusal((await aws.asRole(name)).logs.describeLogGroups({}))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('has no power over another account, which nobody there has given it', async () => {
    const { logs } = await aws.asRole(await roleWith(policyText()));
    const resourceArn = 'arn:aws:logs:us-east-1:111111111111:log-group:/theirs';
    expect((await refusal(logs.listTagsForResource({ resourceArn }))).message).toMatch(
      /because no resource-based policy allows the logs:ListTagsForResource action$/,
    );
  });

  it('that is deleted takes the power of its sessions with it, even when there is a new role of its name', async () => {
    const RoleName = await roleWith(policyText());
    const { logs } = await aws.asRole(RoleName);
    await logs.describeLogGroups({});
    await aws.iam.deleteRolePolicy({ RoleName, PolicyName: 'p' });
    await aws.iam.deleteRole({ RoleName });
    expect(await refusal(logs.describeLogGroups({}))).toMatchObject({ name: 'AccessDeniedException' });
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: policyText() });
    expect(await refusal(logs.describeLogGroups({}))).toMatchObject({ name: 'AccessDeniedException' });
    await (await aws.asRole(RoleName)).logs.describeLogGroups({});
  });
});

describe('a session policy', () => {
  it('allows nothing that the role does not, and takes away the rest', async () => {
    const RoleName = await roleWith(policyText({ Action: 'logs:*' }));
    const assume = async (Policy: string) => {
      const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`;
      return aws.as(keysOf((await aws.sts.assumeRole({ RoleArn, RoleSessionName: 'narrow', Policy })).Credentials));
    };
    const { logs, iam } = await assume(policyText({ Action: ['logs:Describe*', 'iam:*'] }));
    await logs.describeLogGroups({});
    expect((await refusal(logs.createLogGroup({ logGroupName: '/narrow' }))).message).toMatch(
      /because no session policy allows the logs:CreateLogGroup action$/,
    );
    expect((await refusal(iam.listRoles({}))).message).toMatch(/because no identity-based policy allows the iam:ListRoles action$/);
  });
});

describe('the root user', () => {
  it('may do everything in its account', async () => {
    await aws.logs.describeLogGroups({});
    await aws.iam.listRoles({});
  });
});

describe('roles that other roles may assume', () => {
  it('have to let the caller in, and the caller has to be allowed to ask', async () => {
    const silent = await roleWith(policyText({ Action: 's3:*' }));
    const allowed = await roleWith(policyText({ Action: 'sts:AssumeRole' }));
    const target = await roleWith(policyText());
    const assume = async (role: string) =>
      (await aws.asRole(role)).sts.assumeRole({ RoleArn: `arn:aws:iam::000000000000:role/${target}`, RoleSessionName: 'next' });
    expect(await refusal(assume(silent))).toMatchObject({
      name: 'AccessDenied',
      message: `User: ${session(silent)} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/${target}`,
    });
    expect((await assume(allowed)).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::000000000000:assumed-role/${target}/next`);

    await aws.iam.updateAssumeRolePolicy({ RoleName: target, PolicyDocument: lambdaTrust });
    expect(await refusal(assume(allowed))).toMatchObject({ name: 'AccessDenied' });

    // A role that is trusted by its own name needs no permission of its own in the same account.
    const PolicyDocument = trustText({ AWS: `arn:aws:iam::000000000000:role/${silent}` });
    await aws.iam.updateAssumeRolePolicy({ RoleName: target, PolicyDocument });
    await assume(silent);
    expect(await refusal(assume(allowed))).toMatchObject({ name: 'AccessDenied' });
  });
});
