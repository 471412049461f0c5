import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountTrust, policyText } from '../../support/policies.ts';
import { arnOf, newQueue } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { keysOf, type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
const account = '000000000000';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const sessionArn = (name: string) => `arn:aws:sts::${account}:assumed-role/${name}/tester`;
/** Allows nothing that has to do with queues. */
const PermissionsBoundary = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';

beforeAll(async () => {
  aws = await sandboxUnderTest();
  for (const RoleName of ['free', 'bounded']) await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
  await aws.iam.putRolePermissionsBoundary({ RoleName: 'bounded', PermissionsBoundary });
});
afterAll(() => aws.stop());

/** A queue whose policy lets a principal send. */
async function queueFor(AWS: string): Promise<string> {
  const QueueUrl = await newQueue(aws.sqs);
  const Policy = policyText({ Action: 'sqs:SendMessage', Resource: arnOf(QueueUrl), Principal: { AWS } });
  await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
  return QueueUrl;
}

async function send(RoleName: string, QueueUrl: string, Policy?: string) {
  const { Credentials } = await aws.sts.assumeRole({ RoleArn: roleArn(RoleName), RoleSessionName: 'tester', Policy });
  return aws.as(keysOf(Credentials)).sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
}

describe("a resource's policy that names a role", () => {
  it('makes up for what the policies of the role do not say, but not for its boundary', async () => {
    await send('free', await queueFor(roleArn('free')));
    expect((await refusal(send('bounded', await queueFor(roleArn('bounded'))))).message).toMatch(
      /because no permissions boundary allows the sqs:sendmessage action$/,
    );
  });

  it('nor for what the policy of the session does not say', async () => {
    const queue = await queueFor(roleArn('free'));
    expect((await refusal(send('free', queue, policyText({ Action: 'logs:*' })))).message).toMatch(
      /because no session policy allows the sqs:sendmessage action$/,
    );
    await send('free', queue, policyText({ Action: 'sqs:*' }));
  });
});

describe("a resource's policy that names a session", () => {
  it('makes up for all that says nothing', async () => {
    await send('bounded', await queueFor(sessionArn('bounded')));
    await send('free', await queueFor(sessionArn('free')), policyText({ Action: 'logs:*' }));
  });

  it('does not make up for a Deny', async () => {
    const queue = await queueFor(sessionArn('free'));
    expect((await refusal(send('free', queue, policyText({ Effect: 'Deny', Action: 'sqs:*' })))).message).toMatch(
      /with an explicit deny in a session policy$/,
    );
  });
});

describe('a permissions boundary', () => {
  it('is put, shown, and taken away', async () => {
    const RoleName = 'bounded-for-a-while';
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
    await aws.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary });
    expect((await aws.iam.getRole({ RoleName })).Role?.PermissionsBoundary).toMatchObject({ PermissionsBoundaryArn: PermissionsBoundary });
    await aws.iam.deleteRolePermissionsBoundary({ RoleName });
    expect((await aws.iam.getRole({ RoleName })).Role).not.toHaveProperty('PermissionsBoundary');
    expect(await refusal(aws.iam.deleteRolePermissionsBoundary({ RoleName }))).toMatchObject({ name: 'NoSuchEntityException' });
    const nowhere = `arn:aws:iam::${account}:policy/nowhere`;
    expect(await refusal(aws.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: nowhere }))).toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

describe('conditions', () => {
  it('see the tags that a request gives or takes away, in whichever way the service writes them', async () => {
    const RoleName = 'tagger';
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
    const Condition = {
      StringEquals: { 'aws:RequestTag/team': 'blue' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] },
    };
    const statement = (over: object) => ({ Effect: 'Allow', Resource: '*', ...over });
    const Statement = [
      statement({ Action: ['logs:CreateLogGroup', 'logs:TagResource', 'iam:TagRole', 'sqs:CreateQueue', 'sqs:TagQueue'], Condition }),
      statement({ Action: 'iam:UntagRole', Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } } }),
    ];
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
    const { logs, iam, sqs } = await aws.asRole(RoleName);
    const group = (tags: Record<string, string>) => logs.createLogGroup({ logGroupName: `/g/${Object.values(tags).join('')}`, tags });
    await group({ team: 'blue', stage: 'dev' });
    expect(await refusal(group({ team: 'red' }))).toMatchObject({ name: 'AccessDeniedException' });
    expect(await refusal(group({ team: 'blue', cost: 'x' }))).toMatchObject({ name: 'AccessDeniedException' });
    await iam.tagRole({ RoleName, Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(await refusal(iam.tagRole({ RoleName, Tags: [{ Key: 'team', Value: 'red' }] }))).toMatchObject({ name: 'AccessDenied' });
    expect(await refusal(iam.untagRole({ RoleName, TagKeys: ['stage'] }))).toMatchObject({ name: 'AccessDenied' });
    await iam.untagRole({ RoleName, TagKeys: ['team', 'stage'] });
    await sqs.createQueue({ QueueName: 'blue', tags: { team: 'blue' } });
    expect(await refusal(sqs.createQueue({ QueueName: 'bare' }))).toMatchObject({ name: 'AccessDenied' });
  });

  it('know that nobody here calls through a service, and that a session has no second factor', async () => {
    const RoleName = 'direct';
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
    const facts = { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false', 'aws:MultiFactorAuthPresent': 'false' };
    const PolicyDocument = policyText({ Action: 'logs:*', Condition: { Bool: facts } });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument });
    await (await aws.asRole(RoleName)).logs.describeLogGroups({});
  });
});
