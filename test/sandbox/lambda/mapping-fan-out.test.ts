import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { DeleteEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { mappingSandbox, receiver } from '../../support/mapping.ts';
import { lambdaTrust, policyText } from '../../support/policies.ts';
import { roleWith } from '../../support/role.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
const theirs = '111111111111';
let kinesis: Kinesis;
let stranger: Kinesis;

beforeAll(() => {
  const { endpoint, region, credentials } = lambda.sandbox;
  kinesis = new Kinesis({ endpoint, region, credentials, maxAttempts: 1 });
  stranger = new Kinesis({ endpoint, region, credentials: lambda.sandbox.credentialsOf(theirs), maxAttempts: 1 });
});
afterAll(() => {
  for (const client of [kinesis, stranger]) client.destroy();
});

async function register(stream: string): Promise<string> {
  const { Consumer } = await kinesis.registerStreamConsumer({ StreamARN: sandbox.arn(stream), ConsumerName: 'fan' });
  return Consumer?.ConsumerARN ?? '';
}

/** A stream that is mapped to a receiver through a consumer of its own. */
async function mapped(settings: Parameters<typeof sandbox.map>[2] = {}) {
  const stream = await sandbox.stream();
  const consumer = await register(stream);
  const name = await lambda.deploy(receiver());
  const uuid = await sandbox.map(stream, name, { EventSourceArn: consumer, ...settings });
  return { stream, consumer, name, uuid };
}

const subscribe = (ConsumerARN: string) =>
  kinesis.subscribeToShard({ ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition: { Type: 'LATEST' } });

describe('a mapping of a consumer with enhanced fan-out', () => {
  it('is shown with the ARN of the consumer, and so are its events', async () => {
    const { stream, consumer, name, uuid } = await mapped();
    expect((await sandbox.mapping(uuid)).EventSourceArn).toBe(consumer);
    await sandbox.put(stream, 'hello');
    await sandbox.batches(name, 1);
    const [first] = await sandbox.received(name);
    expect(first?.records[0]).toMatchObject({ eventSource: 'aws:kinesis', eventSourceARN: consumer });
    expect((await sandbox.mapping(uuid)).LastProcessingResult).toBe('OK');
  });

  it('follows the shards of a stream that is split, parents first', async () => {
    const { stream, name } = await mapped({ BatchSize: 1 });
    for (const text of ['1', '2', '3']) await sandbox.put(stream, text);
    await sandbox.split(stream);
    for (const text of ['4', '5', '6']) await sandbox.put(stream, text);
    expect((await sandbox.batches(name, 6)).flat()).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('is the subscriber of the consumer, and goes on after somebody else was', async () => {
    const { stream, consumer, name } = await mapped();
    await sandbox.put(stream, 'one');
    await sandbox.batches(name, 1);
    await sandbox.pass(6_000);
    await subscribe(consumer);
    await sandbox.put(stream, 'two');
    expect(await sandbox.batches(name, 2)).toEqual([['one'], ['two']]);
    expect(await failureOf(subscribe(consumer))).toMatchObject({ name: 'ResourceInUseException' });
  });

  it('says so when the consumer is gone, and can be disabled and deleted', async () => {
    const { consumer, uuid } = await mapped();
    await kinesis.deregisterStreamConsumer({ ConsumerARN: consumer });
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'PROBLEM: Stream consumer not found');
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    await sandbox.until(async () => (await sandbox.mapping(uuid)).State === 'Disabled');
    await lambda.client.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
    await sandbox.untilGone(uuid);
  });

  it('goes on where it was stopped', async () => {
    const { stream, name, uuid } = await mapped();
    await sandbox.put(stream, 'before');
    await sandbox.batches(name, 1);
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    await sandbox.until(async () => (await sandbox.mapping(uuid)).State === 'Disabled');
    await sandbox.put(stream, 'meanwhile');
    await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
    expect(await sandbox.batches(name, 2)).toEqual([['before'], ['meanwhile']]);
  });

  it('needs the permission to subscribe, and no other way to read', async () => {
    const stream = await sandbox.stream();
    const consumer = await register(stream);
    const statements = (actions: readonly string[], Resource: string) => ({
      Effect: 'Allow',
      Action: actions.map((name) => `kinesis:${name}`),
      Resource,
    });
    const describing = statements(['DescribeStreamSummary', 'ListShards'], sandbox.arn(stream));
    const inline = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
    const Role = await roleWith(lambda.iam, 'subscriber', lambdaTrust, { inline: inline(describing) });
    const name = await lambda.deploy(receiver(), { Role });
    expect(await failureOf(sandbox.create(stream, name, { EventSourceArn: consumer }))).toEqual({
      name: 'InvalidParameterValueException',
      message: `Cannot access stream ${consumer}. Please ensure the role can perform the SubscribeToShard, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
    });
    const PolicyDocument = inline(describing, statements(['SubscribeToShard'], consumer));
    await lambda.iam.send(new PutRolePolicyCommand({ RoleName: 'subscriber', PolicyName: 'p', PolicyDocument }));
    const uuid = await sandbox.map(stream, name, { EventSourceArn: consumer });
    await lambda.iam.send(new DeleteRolePolicyCommand({ RoleName: 'subscriber', PolicyName: 'p' }));
    await sandbox.put(stream, 'x');
    await sandbox.until(async () =>
      /ensure the role can perform the SubscribeToShard action/.test((await sandbox.mapping(uuid)).LastProcessingResult ?? ''),
    );
  });

  it('is refused where there is no such consumer, and twice for one function', async () => {
    const { stream, consumer, name } = await mapped();
    const missing = `${sandbox.arn(stream)}/consumer/nobody:1700000000`;
    expect(await failureOf(sandbox.create(stream, name, { EventSourceArn: missing }))).toEqual({
      name: 'InvalidParameterValueException',
      message: `Stream consumer not found: ${missing}`,
    });
    expect(await failureOf(sandbox.create(stream, name, { EventSourceArn: `${sandbox.arn(stream)}/consumer/x` }))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'Unrecognized event source.',
    });
    expect(await failureOf(sandbox.create(stream, name, { EventSourceArn: consumer }))).toMatchObject({
      name: 'ResourceConflictException',
    });
    await sandbox.create(stream, name);
  });
});

describe('a mapping of a stream of another account', () => {
  it('reads it where the policy of the stream lets the role in', async () => {
    const StreamName = 'shared';
    const EventSourceArn = `arn:aws:kinesis:us-east-1:${theirs}:stream/${StreamName}`;
    await stranger.createStream({ StreamName, ShardCount: 1 });
    await sandbox.until(
      async () => (await stranger.describeStreamSummary({ StreamName })).StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
    );
    const name = await lambda.deploy(receiver());
    expect((await failureOf(sandbox.create(StreamName, name, { EventSourceArn }))).message).toContain(
      `Cannot access stream ${EventSourceArn}`,
    );
    const Action = ['DescribeStream', 'ListShards', 'GetShardIterator', 'GetRecords'].map((action) => `kinesis:${action}`);
    const Policy = policyText({ Principal: { AWS: lambda.role }, Action, Resource: EventSourceArn });
    await stranger.putResourcePolicy({ ResourceARN: EventSourceArn, Policy });
    await sandbox.map(StreamName, name, { EventSourceArn });
    await stranger.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.from('theirs') });
    expect(await sandbox.batches(name, 1)).toEqual([['theirs']]);
    await stranger.deleteResourcePolicy({ ResourceARN: EventSourceArn });
  });
});
