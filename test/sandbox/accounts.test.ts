import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { waiting } from '../support/kinesis.ts';
import { briefDelays, zipped } from '../support/lambda.ts';
import { patience } from '../support/patience.ts';

const [ours, theirs] = ['000000000000', '111111111111'] as const;

let sandbox: Sandbox;
let owner: Clients;
let stranger: Clients;
const bugs: unknown[] = [];

type Clients = ReturnType<typeof clientsOf>;

function clientsOf(account: string) {
  const config = { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentialsOf(account), maxAttempts: 1 };
  return {
    kinesis: new Kinesis({ ...config, requestHandler: new NodeHttpHandler() }),
    lambda: new Lambda(config),
    logs: new CloudWatchLogs(config),
    sqs: new SQS(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    iam: new IAM(config),
    sts: new STS(config),
    firehose: new Firehose(config),
    events: new EventBridge(config),
  };
}

const anyService = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com', 'firehose.amazonaws.com'] }, Action: 'sts:AssumeRole' },
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ours}:root` }, Action: 'sts:AssumeRole' },
  ],
});
const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const ZipFile = zipped({ 'index.js': "exports.handler = async () => console.log('ran')" });
const arn = (service: string, resource: string, account: string = ours) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const ourRole = `arn:aws:iam::${ours}:role/role`;
const theirRole = `arn:aws:iam::${theirs}:role/role`;

/** What only its owner may know. */
let secret: { queueUrl: string; mapping: string; iterator: string; policyArn: string; streamPage: string; receipt: string };

beforeAll(async () => {
  sandbox = await startSandbox({ delays: briefDelays, onBug: (error) => bugs.push(error) });
  owner = clientsOf(ours);
  stranger = clientsOf(theirs);
  for (const { iam } of [owner, stranger]) {
    await iam.createRole({ RoleName: 'role', AssumeRolePolicyDocument: anyService });
    await iam.putRolePolicy({ RoleName: 'role', PolicyName: 'all', PolicyDocument: everything });
  }
  const { kinesis, lambda, logs, sqs, s3, iam, events, firehose } = owner;
  for (const StreamName of ['one', 'two']) await kinesis.createStream({ StreamName, ShardCount: 1 });
  await vi.waitUntil(
    async () => (await kinesis.describeStreamSummary({ StreamName: 'two' })).StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
    patience,
  );
  await kinesis.putRecord({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.from('ours') });
  const shard = { StreamName: 'one', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator: iterator = '' } = await kinesis.getShardIterator(shard);
  const { NextToken: streamPage = '' } = await kinesis.listStreams({ Limit: 1 });
  await lambda.createFunction({ FunctionName: 'f', Role: ourRole, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile } });
  await waitUntilFunctionActiveV2({ client: lambda, ...waiting }, { FunctionName: 'f' });
  const source = { EventSourceArn: arn('kinesis', 'stream/two'), FunctionName: 'f', StartingPosition: 'LATEST' } as const;
  const { UUID: mapping = '' } = await lambda.createEventSourceMapping(source);
  await logs.createLogGroup({ logGroupName: 'group' });
  await logs.createLogStream({ logGroupName: 'group', logStreamName: 'stream' });
  const { QueueUrl: queueUrl = '' } = await sqs.createQueue({ QueueName: 'queue' });
  await sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: 'ours' });
  const { Messages: [message] = [] } = await sqs.receiveMessage({ QueueUrl: queueUrl, VisibilityTimeout: 0 });
  await s3.createBucket({ Bucket: 'ours' });
  await s3.putObject({ Bucket: 'ours', Key: 'k', Body: 'ours' });
  const { Policy } = await iam.createPolicy({ PolicyName: 'policy', PolicyDocument: everything });
  await events.putRule({ Name: 'rule', ScheduleExpression: 'rate(1 hour)' });
  await firehose.createDeliveryStream({
    DeliveryStreamName: 'delivery',
    S3DestinationConfiguration: { RoleARN: ourRole, BucketARN: 'arn:aws:s3:::ours' },
  });
  secret = { queueUrl, mapping, iterator, policyArn: Policy?.Arn ?? '', streamPage, receipt: message?.ReceiptHandle ?? '' };
});

afterAll(async () => {
  for (const clients of [owner, stranger]) for (const client of Object.values(clients)) client.destroy();
  await sandbox.stop();
  expect(bugs).toEqual([]);
});

describe('credentials of another account', () => {
  it('list nothing of this one', async () => {
    const { kinesis, lambda, logs, sqs, s3, iam, firehose, events } = stranger;
    expect((await kinesis.listStreams({})).StreamNames).toEqual([]);
    expect((await lambda.listFunctions({})).Functions).toEqual([]);
    expect((await lambda.listEventSourceMappings({})).EventSourceMappings).toEqual([]);
    expect((await logs.describeLogGroups({})).logGroups).toEqual([]);
    expect((await sqs.listQueues({})).QueueUrls ?? []).toEqual([]);
    expect((await s3.listBuckets({})).Buckets ?? []).toEqual([]);
    expect((await iam.listRoles({})).Roles?.map(({ Arn }) => Arn)).toEqual([theirRole]);
    expect((await iam.listPolicies({ Scope: 'Local' })).Policies).toEqual([]);
    expect((await firehose.listDeliveryStreams({})).DeliveryStreamNames).toEqual([]);
    expect((await events.listRules({})).Rules).toEqual([]);
  });

  const StreamARN = arn('kinesis', 'stream/one');
  const record = { PartitionKey: 'k', Data: Buffer.from('theirs') };
  const invoke = async (FunctionName: string) => stranger.lambda.invoke({ FunctionName });
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    'read a stream by name': () => stranger.kinesis.describeStream({ StreamName: 'one' }),
    'read a stream by ARN': () => stranger.kinesis.describeStream({ StreamARN }),
    'put a record by ARN': () => stranger.kinesis.putRecord({ StreamARN, ...record }),
    'put records by ARN': () => stranger.kinesis.putRecords({ StreamARN, Records: [record] }),
    'get an iterator by ARN': () => stranger.kinesis.getShardIterator({ StreamARN, ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' }),
    'use an iterator that was overheard': () => stranger.kinesis.getRecords({ ShardIterator: secret.iterator }),
    'use an iterator that was overheard, with the ARN': () => stranger.kinesis.getRecords({ ShardIterator: secret.iterator, StreamARN }),
    'list shards by ARN': () => stranger.kinesis.listShards({ StreamARN }),
    'delete a stream by ARN': () => stranger.kinesis.deleteStream({ StreamARN }),
    'tag a stream by ARN': () => stranger.kinesis.tagResource({ ResourceARN: StreamARN, Tags: { a: 'b' } }),
    'register a consumer': () => stranger.kinesis.registerStreamConsumer({ StreamARN, ConsumerName: 'c' }),
    'get a function by name': () => stranger.lambda.getFunction({ FunctionName: 'f' }),
    'get a function by ARN': () => stranger.lambda.getFunction({ FunctionName: arn('lambda', 'function:f') }),
    'invoke a function by ARN': () => invoke(arn('lambda', 'function:f')),
    'invoke a function by a part of its ARN': () => invoke(`${ours}:function:f`),
    'change the code of a function': () => stranger.lambda.updateFunctionCode({ FunctionName: arn('lambda', 'function:f'), ZipFile }),
    'get a mapping by its UUID': () => stranger.lambda.getEventSourceMapping({ UUID: secret.mapping }),
    'delete a mapping by its UUID': () => stranger.lambda.deleteEventSourceMapping({ UUID: secret.mapping }),
    'read the tags of a function': () => stranger.lambda.listTags({ Resource: arn('lambda', 'function:f') }),
    'run a function in the name of a role of this account': () =>
      stranger.lambda.createFunction({
        FunctionName: 'g',
        Role: ourRole,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    'read a log group': () => stranger.logs.getLogEvents({ logGroupName: 'group', logStreamName: 'stream' }),
    'read a log group by ARN': () => stranger.logs.filterLogEvents({ logGroupIdentifier: arn('logs', 'log-group:group') }),
    'find a queue by name': () => stranger.sqs.getQueueUrl({ QueueName: 'queue' }),
    'find a queue of another owner': () => stranger.sqs.getQueueUrl({ QueueName: 'queue', QueueOwnerAWSAccountId: ours }),
    'send to a queue by its URL': () => stranger.sqs.sendMessage({ QueueUrl: secret.queueUrl, MessageBody: 'theirs' }),
    'receive from a queue by its URL': () => stranger.sqs.receiveMessage({ QueueUrl: secret.queueUrl }),
    'delete a message by its receipt': () => stranger.sqs.deleteMessage({ QueueUrl: secret.queueUrl, ReceiptHandle: secret.receipt }),
    'read what a queue is like': () => stranger.sqs.getQueueAttributes({ QueueUrl: secret.queueUrl, AttributeNames: ['All'] }),
    'purge a queue': () => stranger.sqs.purgeQueue({ QueueUrl: secret.queueUrl }),
    'delete a queue': () => stranger.sqs.deleteQueue({ QueueUrl: secret.queueUrl }),
    'list a bucket': () => stranger.s3.listObjectsV2({ Bucket: 'ours' }),
    'read an object': () => stranger.s3.getObject({ Bucket: 'ours', Key: 'k' }),
    'write an object': () => stranger.s3.putObject({ Bucket: 'ours', Key: 'k', Body: 'theirs' }),
    'delete an object': () => stranger.s3.deleteObject({ Bucket: 'ours', Key: 'k' }),
    'copy an object': async () => {
      await stranger.s3.createBucket({ Bucket: 'theirs' });
      await stranger.s3.copyObject({ Bucket: 'theirs', Key: 'k', CopySource: 'ours/k' });
    },
    'delete a bucket': () => stranger.s3.deleteBucket({ Bucket: 'ours' }),
    'take the name of a bucket': () => stranger.s3.createBucket({ Bucket: 'ours' }),
    'read a policy by ARN': () => stranger.iam.getPolicy({ PolicyArn: secret.policyArn }),
    'attach a policy of this account': () => stranger.iam.attachRolePolicy({ RoleName: 'role', PolicyArn: secret.policyArn }),
    'simulate a role of this account': () =>
      stranger.iam.simulatePrincipalPolicy({ PolicySourceArn: ourRole, ActionNames: ['kinesis:PutRecord'], ResourceArns: [StreamARN] }),
    'assume a role that does not trust it': () => stranger.sts.assumeRole({ RoleArn: ourRole, RoleSessionName: 'test' }),
    'describe a delivery stream': () => stranger.firehose.describeDeliveryStream({ DeliveryStreamName: 'delivery' }),
    'put to a delivery stream': () =>
      stranger.firehose.putRecord({ DeliveryStreamName: 'delivery', Record: { Data: Buffer.from('theirs') } }),
    'deliver in the name of a role of this account': () =>
      stranger.firehose.createDeliveryStream({
        DeliveryStreamName: 'd',
        S3DestinationConfiguration: { RoleARN: ourRole, BucketARN: 'arn:aws:s3:::ours' },
      }),
    'read a stream through a delivery stream': () =>
      stranger.firehose.createDeliveryStream({
        DeliveryStreamName: 'd',
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { RoleARN: theirRole, KinesisStreamARN: StreamARN },
        S3DestinationConfiguration: { RoleARN: theirRole, BucketARN: 'arn:aws:s3:::theirs' },
      }),
    'describe a rule': () => stranger.events.describeRule({ Name: 'rule' }),
    'invoke a function by a rule': async () => {
      await stranger.events.putRule({ Name: 'mine', ScheduleExpression: 'rate(1 hour)' });
      await stranger.events.putTargets({ Rule: 'mine', Targets: [{ Id: '1', Arn: arn('lambda', 'function:f') }] });
    },
  };

  it.each(Object.keys(attempts))('cannot %s', async (what) => {
    const answer = await attempts[what]?.().then(
      () => 'It was done.',
      (error: Error) => error.name,
    );
    expect(answer).toMatch(
      /^(ResourceNotFoundException|AccessDenied(Exception)?|NoSuchEntity(Exception)?|AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist|InvalidArgumentException|InvalidParameterValueException|InvalidParameterException|InvalidInput(Exception)?|BucketAlreadyExists|NotImplemented)$/,
    );
  });

  it('have changed nothing by trying', async () => {
    expect((await owner.kinesis.getRecords({ ShardIterator: secret.iterator })).Records).toHaveLength(1);
    expect((await owner.kinesis.listStreams({})).StreamNames).toEqual(['one', 'two']);
    expect(await (await owner.s3.getObject({ Bucket: 'ours', Key: 'k' })).Body?.transformToString()).toBe('ours');
    const { Attributes } = await owner.sqs.getQueueAttributes({ QueueUrl: secret.queueUrl, AttributeNames: ['All'] });
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '1' });
    expect((await owner.lambda.getEventSourceMapping({ UUID: secret.mapping })).State).not.toBe('Deleting');
    expect((await owner.iam.listEntitiesForPolicy({ PolicyArn: secret.policyArn })).PolicyRoles).toEqual([]);
  });

  it('are let in only by a role that trusts their account', async () => {
    const { Credentials } = await owner.sts.assumeRole({ RoleArn: theirRole, RoleSessionName: 'test' });
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });
});
