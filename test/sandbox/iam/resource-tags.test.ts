import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { failureOf } from '../../support/failure.ts';
import { firehoseTrust } from '../../support/firehose.ts';
import { zipped } from '../../support/lambda.ts';
import { patience } from '../../support/patience.ts';
import { lambdaTrust } from '../../support/policies.ts';
import { roleSession } from '../../support/role-session.ts';

type Config = Awaited<ReturnType<typeof roleSession>>;

function clientsOf(config: Omit<Config, 'credentials'> & { readonly credentials: Sandbox['credentials'] }) {
  return {
    kinesis: new Kinesis(config),
    lambda: new Lambda(config),
    iam: new IAM(config),
    logs: new CloudWatchLogs(config),
    sqs: new SQS(config),
    firehose: new Firehose(config),
    events: new EventBridge(config),
  };
}
type Clients = ReturnType<typeof clientsOf>;

const account = '000000000000';
const arn = (resource: string) => `arn:aws:${resource.replace(':', `:us-east-1:${account}:`)}`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

let sandbox: Sandbox;
let root: Clients;
let asRole: Clients;
const open: Clients[] = [];

async function clientsOfRole(name: string, ...statements: readonly object[]): Promise<Clients> {
  const clients = clientsOf(await roleSession(sandbox, name, statements));
  open.push(clients);
  return clients;
}

beforeAll(async () => {
  sandbox = await startSandbox();
  const { endpoint, region, credentials } = sandbox;
  root = clientsOf({ endpoint, region, credentials, maxAttempts: 1 });
  open.push(root);
  await root.iam.createRole({ RoleName: 'lambda', AssumeRolePolicyDocument: lambdaTrust });
  await root.iam.createRole({ RoleName: 'firehose', AssumeRolePolicyDocument: firehoseTrust });
  const Condition = { StringEquals: { 'aws:ResourceTag/Team': 'red' } };
  asRole = await clientsOfRole('reds', { Effect: 'Allow', Action: '*', Resource: '*', Condition });
});

afterAll(async () => {
  for (const clients of open) for (const client of Object.values(clients)) client.destroy();
  await sandbox.stop();
});

/** How something of a name is made with a tag, and what is asked about it. */
interface Thing {
  make(name: string, team: string): Promise<unknown>;
  ask(clients: Clients, name: string): Promise<unknown>;
}

const things: Readonly<Record<string, Thing>> = {
  'a stream': {
    make: (StreamName, Team) => root.kinesis.createStream({ StreamName, ShardCount: 1, Tags: { Team } }),
    ask: ({ kinesis }, StreamName) => kinesis.describeStreamSummary({ StreamName }),
  },
  'a function': {
    make: (FunctionName, Team) =>
      root.lambda.createFunction({
        FunctionName,
        Role: role('lambda'),
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipped({ 'index.js': '' }) },
        Tags: { Team },
      }),
    ask: ({ lambda }, FunctionName) => lambda.getFunctionConfiguration({ FunctionName }),
  },
  'a role': {
    make: (RoleName, Value) => root.iam.createRole({ RoleName, AssumeRolePolicyDocument: lambdaTrust, Tags: [{ Key: 'Team', Value }] }),
    ask: ({ iam }, RoleName) => iam.getRole({ RoleName }),
  },
  'a log group': {
    make: (logGroupName, Team) => root.logs.createLogGroup({ logGroupName, tags: { Team } }),
    ask: ({ logs }, logGroupName) => logs.createLogStream({ logGroupName, logStreamName: 's' }),
  },
  'a queue': {
    make: (QueueName, Team) => root.sqs.createQueue({ QueueName, tags: { Team } }),
    ask: ({ sqs }, name) => sqs.sendMessage({ QueueUrl: `${sandbox.endpoint}/${account}/${name}`, MessageBody: 'm' }),
  },
  'a delivery stream': {
    make: (DeliveryStreamName, Value) =>
      root.firehose.createDeliveryStream({
        DeliveryStreamName,
        ExtendedS3DestinationConfiguration: { RoleARN: role('firehose'), BucketARN: 'arn:aws:s3:::nowhere' },
        Tags: [{ Key: 'Team', Value }],
      }),
    ask: ({ firehose }, DeliveryStreamName) => firehose.describeDeliveryStream({ DeliveryStreamName }),
  },
  'a rule': {
    make: (Name, Value) => root.events.putRule({ Name, ScheduleExpression: 'rate(1 day)', Tags: [{ Key: 'Team', Value }] }),
    ask: ({ events }, Name) => events.describeRule({ Name }),
  },
};

describe('a policy that asks for the tag of a resource', () => {
  it.each(Object.entries(things))('knows those of %s', async (_, { make, ask }) => {
    await make('mine', 'red');
    await make('theirs', 'blue');
    await ask(asRole, 'mine');
    expect(await failureOf(ask(asRole, 'theirs'))).toMatchObject({ message: expect.stringContaining('because no identity-based policy') });
  });

  it('follows the tags as they change, whatever the case of their keys', async () => {
    await root.kinesis.createStream({ StreamName: 'changing', ShardCount: 1 });
    const ResourceARN = arn('kinesis:stream/changing');
    const ask = () => asRole.kinesis.describeStreamSummary({ StreamName: 'changing' });
    expect((await failureOf(ask())).name).toBe('AccessDeniedException');
    await expect
      .poll(
        () =>
          root.kinesis.tagResource({ ResourceARN, Tags: { TEAM: 'red' } }).then(
            () => 'done',
            () => 'busy',
          ),
        patience,
      )
      .toBe('done');
    await ask();
    await root.kinesis.untagResource({ ResourceARN, TagKeys: ['TEAM'] });
    expect((await failureOf(ask())).name).toBe('AccessDeniedException');
  });

  it('can ask that it be the tag of who asks', async () => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } };
    const own = await clientsOfRole('own', { Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition });
    await root.sqs.createQueue({ QueueName: 'of-the-green', tags: { team: 'green' } });
    const ask = () => own.sqs.getQueueUrl({ QueueName: 'of-the-green' });
    expect((await failureOf(ask())).name).toBe('AccessDenied');
    await root.iam.tagRole({ RoleName: 'own', Tags: [{ Key: 'team', Value: 'green' }] });
    await ask();
  });

  it('does not let IAM name itself for others', async () => {
    const Condition = { StringEquals: { 'iam:ResourceTag/team': 'red' } };
    const { iam, sqs } = await clientsOfRole('by-iam', { Effect: 'Allow', Action: '*', Resource: '*', Condition });
    await iam.getRole({ RoleName: 'mine' });
    expect((await failureOf(sqs.getQueueUrl({ QueueName: 'mine' }))).name).toBe('AccessDenied');
  });
});

describe('conditions can ask', () => {
  it('for the function of a mapping', async () => {
    const Condition = { ArnLike: { 'lambda:FunctionArn': arn('lambda:function:mine') } };
    const { lambda } = await clientsOfRole('mapper', { Effect: 'Allow', Action: 'lambda:*', Resource: '*', Condition });
    const map = (FunctionName: string) =>
      failureOf(lambda.createEventSourceMapping({ FunctionName, EventSourceArn: arn('kinesis:stream/mine'), StartingPosition: 'LATEST' }));
    // What is allowed comes as far as the permissions of the function.
    expect((await map('mine')).message).toContain('Cannot access stream');
    expect((await map('theirs')).name).toBe('AccessDeniedException');
  });

  it('for whom AddPermission lets in', async () => {
    const Condition = { StringEquals: { 'lambda:Principal': 'events.amazonaws.com' } };
    const { lambda } = await clientsOfRole('permitter', { Effect: 'Allow', Action: 'lambda:*', Resource: '*', Condition });
    const permit = (Principal: string) =>
      lambda.addPermission({ FunctionName: 'mine', StatementId: 's', Action: 'lambda:InvokeFunction', Principal });
    await permit('events.amazonaws.com');
    expect((await failureOf(permit('s3.amazonaws.com'))).name).toBe('AccessDeniedException');
  });

  it('for the boundary of a role, given or there', async () => {
    const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const Condition = { ArnEquals: { 'iam:PermissionsBoundary': boundary } };
    const { iam } = await clientsOfRole('bounder', { Effect: 'Allow', Action: 'iam:*', Resource: '*', Condition });
    const create = (RoleName: string, PermissionsBoundary?: string) =>
      iam.createRole({ RoleName, AssumeRolePolicyDocument: lambdaTrust, PermissionsBoundary });
    await create('bounded', boundary);
    expect((await failureOf(create('free'))).name).toBe('AccessDenied');
    const attach = (RoleName: string) => iam.attachRolePolicy({ RoleName, PolicyArn: boundary });
    await attach('bounded');
    expect((await failureOf(attach('lambda'))).name).toBe('AccessDenied');
  });

  it('since when a session is, which is how sessions are revoked', async () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': later } };
    const { sqs } = await clientsOfRole('revoked', { Effect: 'Allow', Action: '*', Resource: '*' });
    await sqs.listQueues({});
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', Condition }],
    });
    await root.iam.putRolePolicy({ RoleName: 'revoked', PolicyName: 'AWSRevokeOlderSessions', PolicyDocument });
    expect((await failureOf(sqs.listQueues({}))).message).toContain('with an explicit deny');
  });

  it('for the account of a resource', async () => {
    const Condition = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };
    const { kinesis } = await clientsOfRole('homely', { Effect: 'Allow', Action: 'kinesis:*', Resource: '*', Condition });
    await kinesis.describeStreamSummary({ StreamName: 'mine' });
    expect((await failureOf(kinesis.listStreams({}))).name).toBe('AccessDeniedException');
  });
});
