import { DeleteDeliveryStreamCommand } from '@aws-sdk/client-firehose';
import { describe, expect, it } from 'vitest';
import { firehoseSandbox, firehoseTrust } from '../../support/firehose.ts';
import { policyText } from '../../support/policies.ts';

const firehose = firehoseSandbox({ virtualTime: true });
const minute = 60_000;

function wait(ms: number): Promise<void> {
  return firehose.sandbox.clock.sleep(ms);
}

async function put(StreamARN: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await firehose.kinesis.putRecord({ StreamARN, PartitionKey: text, Data: Buffer.from(text) });
}

/** A delivery stream from a Kinesis stream into a bucket of its own. */
async function reading(KinesisStreamARN: string, RoleARN = firehose.role): Promise<{ name: string; bucket: string }> {
  const bucket = await firehose.bucket();
  const name = await firehose.deliveryStream({
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
    ExtendedS3DestinationConfiguration: firehose.destination(bucket),
  });
  return { name, bucket };
}

describe('a delivery stream that reads from Kinesis', () => {
  it('delivers what is put after it is ACTIVE, in order, and nothing from before', async () => {
    const stream = await firehose.stream();
    await put(stream, 'before');
    const { bucket } = await reading(stream);
    await put(stream, '1', '2', '3');
    await wait(minute + 1_000);
    expect(await firehose.texts(bucket)).toEqual(['123']);
    await put(stream, '4');
    await wait(minute + 1_000);
    expect([...(await firehose.texts(bucket))].sort()).toEqual(['123', '4']);
  });

  it('is one of many: each delivers everything', async () => {
    const stream = await firehose.stream();
    const both = [await reading(stream), await reading(stream)];
    await put(stream, 'a');
    await wait(minute + 1_000);
    for (const { bucket } of both) expect(await firehose.texts(bucket)).toEqual(['a']);
  });

  it('reads all shards, also those that come into being later', async () => {
    const StreamARN = await firehose.stream(2);
    const { bucket } = await reading(StreamARN);
    await put(StreamARN, 'a', 'b', 'c', 'd');
    await firehose.kinesis.updateShardCount({ StreamARN, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' });
    await firehose.until(async () => {
      const { StreamDescriptionSummary } = await firehose.kinesis.describeStreamSummary({ StreamARN });
      return StreamDescriptionSummary?.OpenShardCount === 4 && StreamDescriptionSummary.StreamStatus === 'ACTIVE';
    });
    await put(StreamARN, 'e', 'f', 'g', 'h');
    await wait(minute + 1_000);
    expect([...(await firehose.texts(bucket)).join('')].sort().join('')).toBe('abcdefgh');
  });

  it('waits while its role may not read, and goes on where it was', async () => {
    const stream = await firehose.stream();
    const RoleName = firehose.newName('role');
    const { Role } = await firehose.iam.createRole({ RoleName, AssumeRolePolicyDocument: firehoseTrust });
    const PolicyDocument = policyText({ Action: 'kinesis:DescribeStream' });
    await firehose.iam.putRolePolicy({ RoleName, PolicyName: 'describe', PolicyDocument });
    const { bucket } = await reading(stream, Role?.Arn);
    await put(stream, 'a');
    await wait(2 * minute);
    expect(await firehose.delivered(bucket)).toEqual([]);
    const more = policyText({ Action: ['kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'], Resource: stream });
    await firehose.iam.putRolePolicy({ RoleName, PolicyName: 'read', PolicyDocument: more });
    await put(stream, 'b');
    await wait(2 * minute);
    expect(await firehose.texts(bucket)).toEqual(['ab']);
  });

  it('stops reading when it is deleted', async () => {
    const stream = await firehose.stream();
    const { name, bucket } = await reading(stream);
    await firehose.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
    await put(stream, 'late');
    await wait(2 * minute);
    expect(await firehose.delivered(bucket)).toEqual([]);
  });

  it('outlives its stream', async () => {
    const StreamARN = await firehose.stream();
    const { name } = await reading(StreamARN);
    await firehose.kinesis.deleteStream({ StreamARN });
    await wait(minute);
    expect((await firehose.describe(name))?.DeliveryStreamStatus).toBe('ACTIVE');
  });
});
