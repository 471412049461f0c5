import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDenial, sessionPrincipal } from '../../../src/sandbox/iam/access.ts';
import { findRole } from '../../../src/sandbox/iam/state.ts';
import { operations } from '../../../src/sandbox/sqs/operations.ts';
import { queuesOf } from '../../../src/sandbox/sqs/queues.ts';
import { bareCloud, contextOf, createRole, known, rootOf } from '../../support/account.ts';
import { accountTrust, policyText } from '../../support/policies.ts';
import { arnOf, bodies, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

beforeAll(async () => {
  aws = await sandboxUnderTest();
  for (const RoleName of ['nothing', 'sender', 'everything']) {
    await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
  }
  const PolicyName = 'sqs';
  await aws.iam.putRolePolicy({ RoleName: 'sender', PolicyName, PolicyDocument: policyText({ Action: 'sqs:SendMessage' }) });
  await aws.iam.putRolePolicy({ RoleName: 'everything', PolicyName, PolicyDocument: policyText({ Action: 'sqs:*' }) });
});
afterAll(() => aws.stop());

const setPolicy = (QueueUrl: string, statement: Readonly<Record<string, unknown>>) =>
  aws.sqs.setQueueAttributes({
    QueueUrl,
    Attributes: { Policy: policyText({ Action: 'sqs:*', Resource: arnOf(QueueUrl), ...statement }) },
  });

describe('a role without a permission', () => {
  it('is refused in the words of SQS, which prints actions in lower case', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const { sqs } = await aws.asRole('nothing');
    const caller = 'User: arn:aws:sts::000000000000:assumed-role/nothing/tester is not authorized to perform:';
    const refused = async (call: Promise<unknown>) => call.catch((error: unknown) => error);
    expect(await refused(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toMatchObject({
      name: 'AccessDenied',
      message: `${caller} sqs:sendmessage on resource: ${arnOf(QueueUrl)} because no identity-based policy allows the sqs:sendmessage action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect((await refusal(sqs.listQueues())).message).toBe(
      `${caller} sqs:listqueues on resource: arn:aws:sqs:us-east-1:000000000000: because no identity-based policy allows the sqs:listqueues action`,
    );
    const Entries = [{ Id: 'a', MessageBody: 'x' }];
    expect((await refusal(sqs.sendMessageBatch({ QueueUrl, Entries }))).message).toContain('sqs:sendmessage on');
    expect((await refusal(sqs.createQueue({ QueueName: 'mine' }))).message).toContain('sqs:createqueue on resource: ');
  });

  it('may do what its own policies allow', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const { sqs } = await aws.asRole('sender');
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    expect(await refusal(receive(sqs, QueueUrl))).toMatchObject({ name: 'AccessDenied' });
  });
});

describe("a queue's policy", () => {
  it('lets in a role that may do nothing of itself, when it names the role', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const { sqs } = await aws.asRole('nothing');
    await setPolicy(QueueUrl, { Principal: { AWS: roleArn('nothing') }, Action: 'sqs:SendMessage' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    expect(await refusal(receive(sqs, QueueUrl))).toMatchObject({ name: 'AccessDenied' });
    await setPolicy(QueueUrl, { Principal: { AWS: roleArn('sender') } });
    expect(await refusal(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toMatchObject({ name: 'AccessDenied' });
  });

  it('leaves it to the account when it names the account', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    await setPolicy(QueueUrl, { Principal: { AWS: 'arn:aws:iam::000000000000:root' } });
    expect(await refusal((await aws.asRole('nothing')).sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toMatchObject({
      name: 'AccessDenied',
    });
    await (await aws.asRole('sender')).sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  });

  it('shuts out whom it denies, whatever else allows them, but not from changing the policy', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const { sqs } = await aws.asRole('everything');
    await setPolicy(QueueUrl, { Effect: 'Deny', Principal: '*' });
    expect((await refusal(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).message).toMatch(
      /sqs:sendmessage on resource: \S+ with an explicit deny in a resource-based policy$/,
    );
    expect(await refusal(aws.sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toMatchObject({ name: 'AccessDenied' });
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: '' } });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['x']);
  });

  it('may depend on conditions', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const Condition = { ArnLike: { 'aws:PrincipalArn': roleArn('noth*') } };
    await setPolicy(QueueUrl, { Principal: '*', Condition });
    await (await aws.asRole('nothing')).sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  });
});

describe('a queue of another account', () => {
  const [owner, other] = ['111111111111', '222222222222'];
  const send = known(operations.SendMessage);

  it('is open to those whom its policy names and whose account lets them', async () => {
    const { cloud } = bareCloud();
    const roles = { allowed: policyText({ Action: 'sqs:SendMessage' }), silent: policyText({ Action: 'sqs:ListQueues' }) };
    for (const [name, policy] of Object.entries(roles)) await createRole(cloud, other, name, accountTrust, policy);
    const queue = queuesOf(cloud, { account: owner, region: 'us-east-1' }).create('shared', {}, {});
    const denied = (principal: ReturnType<typeof rootOf>) => {
      const context = contextOf(cloud, other, principal);
      const policyOf = (resource: string) => send.resourcePolicy?.(resource, context);
      const resources = send.resources?.({ QueueUrl: `/${owner}/shared`, MessageBody: 'x' }, context) ?? [];
      return findDenial(cloud, principal, 'sqs:sendmessage', resources, { policyOf })?.reason;
    };
    const closed = 'because no resource-based policy allows the sqs:sendmessage action';
    expect(denied(rootOf(other))).toBe(closed);
    const policy = policyText({ Principal: { AWS: other }, Action: 'sqs:SendMessage', Resource: queue.arn });
    queue.attributes = queue.attributes.with({ Policy: policy });
    expect(denied(rootOf(other))).toBeUndefined();
    expect(denied(rootOf('333333333333'))).toBe(closed);
    const session = (name: string) => {
      const role = findRole(cloud, `arn:aws:iam::${other}:role/${name}`);
      if (role === undefined) throw new Error(`There is no role ${name}.`);
      return sessionPrincipal(role, 'tester');
    };
    expect(denied(session('allowed'))).toBeUndefined();
    expect(denied(session('silent'))).toBe('because no identity-based policy allows the sqs:sendmessage action');
  });
});
