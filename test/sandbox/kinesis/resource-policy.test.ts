import { Kinesis } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { patience } from '../../support/patience.ts';
import { policyText } from '../../support/policies.ts';
import { roleSession } from '../../support/role-session.ts';

const kinesis = kinesisSandbox();
const [ours, theirs] = ['000000000000', '111111111111'];

let owner: Kinesis;
let stranger: Kinesis;
let ResourceARN: string;

beforeAll(() => {
  const { endpoint, region, credentials } = kinesis.sandbox;
  owner = new Kinesis({ endpoint, region, credentials, maxAttempts: 1 });
  stranger = new Kinesis({ endpoint, region, credentials: kinesis.sandbox.credentialsOf(theirs), maxAttempts: 1 });
});
afterAll(() => {
  for (const client of [owner, stranger]) client.destroy();
});
beforeEach(async () => {
  ResourceARN = kinesis.arn(await kinesis.stream());
});

const letIn = (Action: string | string[], over: Readonly<Record<string, unknown>> = {}) =>
  policyText({ Principal: { AWS: theirs }, Action: [Action].flat().map((name) => `kinesis:${name}`), Resource: ResourceARN, ...over });
const put = (client: Kinesis, StreamARN = ResourceARN) =>
  client.putRecord({ StreamARN, PartitionKey: 'k', Data: Buffer.from('from elsewhere') });

async function consumerOf(StreamARN: string): Promise<string> {
  const { Consumer } = await owner.registerStreamConsumer({ StreamARN, ConsumerName: 'fan' });
  const ConsumerARN = Consumer?.ConsumerARN ?? '';
  await vi.waitFor(
    async () => expect((await owner.describeStreamConsumer({ ConsumerARN })).ConsumerDescription?.ConsumerStatus).toBe('ACTIVE'),
    patience,
  );
  return ConsumerARN;
}

describe('a stream of another account', () => {
  it('is closed to everybody there while it has no policy', async () => {
    const closed = (action: string) => ({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${theirs}:root is not authorized to perform: kinesis:${action} on resource: ${ResourceARN} because no resource-based policy allows the kinesis:${action} action`,
    });
    expect(await failureOf(put(stranger))).toEqual(closed('PutRecord'));
    expect(await failureOf(stranger.describeStreamSummary({ StreamARN: ResourceARN }))).toEqual(closed('DescribeStreamSummary'));
    expect(await failureOf(stranger.putResourcePolicy({ ResourceARN, Policy: letIn('*') }))).toEqual(closed('PutResourcePolicy'));
  });

  it('is written to and read by whom its policy lets in, by its ARN', async () => {
    await owner.putResourcePolicy({
      ResourceARN,
      Policy: letIn(['PutRecord', 'PutRecords', 'DescribeStreamSummary', 'ListShards', 'GetShardIterator', 'GetRecords']),
    });
    const { StreamDescriptionSummary } = await stranger.describeStreamSummary({ StreamARN: ResourceARN });
    expect(StreamDescriptionSummary).toMatchObject({ StreamARN: ResourceARN, OpenShardCount: 1 });
    await put(stranger);
    await stranger.putRecords({ StreamARN: ResourceARN, Records: [{ PartitionKey: 'k', Data: Buffer.from('two') }] });
    const { Shards = [] } = await stranger.listShards({ StreamARN: ResourceARN });
    const { ShardIterator } = await stranger.getShardIterator({
      StreamARN: ResourceARN,
      ShardId: Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records = [] } = await stranger.getRecords({ StreamARN: ResourceARN, ShardIterator });
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['from elsewhere', 'two']);
    // By its name, a stream of the caller's own account is meant.
    const StreamName = ResourceARN.slice(ResourceARN.indexOf('/') + 1);
    expect(await failureOf(stranger.describeStreamSummary({ StreamName }))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Stream ${StreamName} under account ${theirs} not found.`,
    });
  });

  it('stays closed for what a policy cannot open: its owner changes and deletes it', async () => {
    await owner.putResourcePolicy({ ResourceARN, Policy: letIn('*') });
    await put(stranger);
    expect(await failureOf(stranger.deleteStream({ StreamARN: ResourceARN }))).toMatchObject({ name: 'AccessDeniedException' });
    expect(await failureOf(stranger.deleteResourcePolicy({ ResourceARN }))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is not found in another region', async () => {
    const elsewhere = ResourceARN.replace('us-east-1', 'eu-west-1');
    expect(await failureOf(put(owner, elsewhere))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('opens its consumer by a policy of that consumer', async () => {
    const ConsumerARN = await consumerOf(ResourceARN);
    await owner.putResourcePolicy({ ResourceARN, Policy: letIn('*') });
    expect(await failureOf(stranger.describeStreamConsumer({ ConsumerARN }))).toMatchObject({ name: 'AccessDeniedException' });
    const Policy = letIn(['SubscribeToShard', 'DescribeStreamConsumer'], { Resource: ConsumerARN });
    await owner.putResourcePolicy({ ResourceARN: ConsumerARN, Policy });
    expect((await stranger.describeStreamConsumer({ ConsumerARN })).ConsumerDescription).toMatchObject({ ConsumerARN });
    await put(owner);
    const { EventStream = [] } = await stranger.subscribeToShard({
      ConsumerARN,
      ShardId: 'shardId-000000000000',
      StartingPosition: { Type: 'TRIM_HORIZON' },
    });
    for await (const { SubscribeToShardEvent: event } of EventStream) {
      expect(event?.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['k']);
      break;
    }
  });
});

describe('the policy of a stream, in its own account', () => {
  it('lets in a role that it names, and shuts out whom it denies', async () => {
    const session = await roleSession(kinesis.sandbox, 'nothing', []);
    const nobody = new Kinesis(session);
    const AWS = `arn:aws:iam::${ours}:role/nothing`;
    expect((await failureOf(put(nobody))).message).toContain('because no identity-based policy allows the kinesis:PutRecord action');
    await owner.putResourcePolicy({ ResourceARN, Policy: letIn('PutRecord', { Principal: { AWS } }) });
    expect((await put(nobody)).ShardId).toBe('shardId-000000000000');
    await owner.putResourcePolicy({ ResourceARN, Policy: letIn('PutRecord', { Effect: 'Deny', Principal: '*' }) });
    for (const client of [nobody, owner]) {
      expect((await failureOf(put(client))).message).toContain('with an explicit deny in a resource-based policy');
    }
    nobody.destroy();
  });
});
