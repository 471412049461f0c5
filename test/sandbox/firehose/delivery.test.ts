import { gunzipSync } from 'node:zlib';
import { DeleteDeliveryStreamCommand, PutRecordBatchCommand, PutRecordCommand, UpdateDestinationCommand } from '@aws-sdk/client-firehose';
import { describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { firehoseSandbox, firehoseTrust } from '../../support/firehose.ts';
import { patience } from '../../support/patience.ts';
import { policyText } from '../../support/policies.ts';

const firehose = firehoseSandbox({ virtualTime: true });
const minute = 60_000;

type Settings = Parameters<typeof firehose.destination>[1];

/** A delivery stream into a bucket of its own. */
async function directPut(settings: Settings = {}): Promise<{ name: string; bucket: string }> {
  const bucket = await firehose.bucket();
  return { bucket, name: await firehose.deliveryStream({ ExtendedS3DestinationConfiguration: firehose.destination(bucket, settings) }) };
}

function put(DeliveryStreamName: string, ...texts: string[]) {
  const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
  return firehose.client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
}

function wait(ms: number): Promise<void> {
  return firehose.sandbox.clock.sleep(ms);
}

describe('PutRecord and PutRecordBatch', () => {
  it('answer with an id for each record', async () => {
    const { name } = await directPut();
    const one = await firehose.client.send(new PutRecordCommand({ DeliveryStreamName: name, Record: { Data: Buffer.from('x') } }));
    const batch = await put(name, 'a', 'b');
    expect(one).toMatchObject({ RecordId: expect.stringMatching(/^.{100,}$/), Encrypted: false });
    expect(batch).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    const ids = [one.RecordId, ...(batch.RequestResponses ?? []).map(({ RecordId }) => RecordId)];
    expect(new Set(ids).size).toBe(3);
  });

  it('refuse what is too large, and a delivery stream that reads from Kinesis', async () => {
    const { name, bucket } = await directPut();
    const large = 'x'.repeat(1_024_001);
    expect((await failureOf(put(name, large))).message).toContain('Member must have length less than or equal to 1024000');
    expect((await failureOf(put(name, ...Array(5).fill(large.slice(0, 900_000))))).name).toBe('InvalidArgumentException');
    expect((await failureOf(put(name, ...Array(501).fill('x')))).message).toContain('Member must have length less than or equal to 500');
    const reader = await firehose.deliveryStream({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: await firehose.stream(), RoleARN: firehose.role },
      ExtendedS3DestinationConfiguration: firehose.destination(bucket),
    });
    expect(await failureOf(put(reader, 'x'))).toEqual({
      name: 'InvalidArgumentException',
      message: 'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    });
  });
});

describe('a delivery', () => {
  it('is one object of what came in during the interval, without anything in between, named after the first record', async () => {
    const { name, bucket } = await directPut({ Prefix: 'raw/' });
    const began = Date.now();
    const first = new Date(firehose.sandbox.clock.now());
    await put(name, 'a', 'b');
    await wait(30_000);
    await put(name, 'c\n');
    await wait(29_000);
    expect(await firehose.delivered(bucket)).toEqual([]);
    await wait(2_000);
    const [object, ...others] = await firehose.delivered(bucket);
    expect(others).toEqual([]);
    expect(object?.body.toString()).toBe('abc\n');
    const hour = first.toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/');
    const second = /^raw\/(\d{4}\/\d\d\/\d\d\/\d\d)\/(.*)-1-(\d{4}(?:-\d\d){5})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(
      object?.key ?? '',
    );
    expect(second?.slice(1, 3)).toEqual([hour, name]);
    const [year = 0, month = 1, ...rest] = (second?.[3] ?? '').split('-').map(Number);
    const named = Date.UTC(year, month - 1, ...rest);
    expect(Math.abs(named - first.getTime())).toBeLessThan(5_000);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('does not wait for the interval when the buffer is full', async () => {
    const { name, bucket } = await directPut();
    await put(name, 'x'.repeat(600_000), 'y'.repeat(600_000), 'z');
    await wait(1_000);
    // Its checksums take a while, in which the clock of the test stands still.
    await vi.waitFor(async () => expect((await firehose.texts(bucket)).map(({ length }) => length)).toEqual([1_200_000]), patience);
    await wait(minute);
    expect((await firehose.texts(bucket)).map(({ length }) => length).sort()).toEqual([1, 1_200_000]);
  });

  it('can be compressed, and can have a delimiter behind each record', async () => {
    const Processors = [
      { Type: 'AppendDelimiterToRecord' as const, Parameters: [{ ParameterName: 'Delimiter' as const, ParameterValue: '\\n' }] },
    ];
    const { name, bucket } = await directPut({ CompressionFormat: 'GZIP', ProcessingConfiguration: { Enabled: true, Processors } });
    await put(name, '{"a":1}', '{"a":2}');
    await wait(minute + 1_000);
    const object = await vi.waitUntil(async () => (await firehose.delivered(bucket))[0], patience);
    expect(object.key).toMatch(/\.gz$/);
    expect(gunzipSync(object.body ?? '').toString()).toBe('{"a":1}\n{"a":2}\n');
  });

  it('goes by the destination as it is when it happens', async () => {
    const { name, bucket } = await directPut();
    await put(name, 'x');
    await firehose.client.send(
      new UpdateDestinationCommand({
        DeliveryStreamName: name,
        CurrentDeliveryStreamVersionId: '1',
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationUpdate: { Prefix: 'later/', FileExtension: '.txt' },
      }),
    );
    await wait(minute + 1_000);
    expect((await firehose.delivered(bucket))[0]?.key).toMatch(new RegExp(`^later/.*/${name}-2-.*\\.txt$`));
  });

  it('is not made any more when the delivery stream is deleted', async () => {
    const { name, bucket } = await directPut();
    await put(name, 'x');
    await firehose.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
    await wait(2 * minute);
    expect(await firehose.delivered(bucket)).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  /** A role for Firehose that may write to its error log and, once it has more permissions, more. */
  async function poorRole(): Promise<{ RoleName: string; RoleARN: string }> {
    const RoleName = firehose.newName('role');
    const { Role } = await firehose.iam.createRole({ RoleName, AssumeRolePolicyDocument: firehoseTrust });
    await firehose.iam.putRolePolicy({ RoleName, PolicyName: 'logs', PolicyDocument: policyText({ Action: 'logs:PutLogEvents' }) });
    return { RoleName, RoleARN: Role?.Arn ?? '' };
  }

  it('for want of a permission says so in the log, and is made once the role has it', async () => {
    const { RoleName, RoleARN } = await poorRole();
    const [logGroupName, logStreamName] = [firehose.newName('group'), 'DestinationDelivery'];
    await firehose.logs.createLogGroup({ logGroupName });
    await firehose.logs.createLogStream({ logGroupName, logStreamName });
    const CloudWatchLoggingOptions = { Enabled: true, LogGroupName: logGroupName, LogStreamName: logStreamName };
    const { name, bucket } = await directPut({ RoleARN, CloudWatchLoggingOptions });
    await put(name, 'x');
    await wait(minute + 1_000);
    await put(name, 'y');
    await wait(minute + 1_000);
    expect(await firehose.delivered(bucket)).toEqual([]);
    const { events = [] } = await firehose.logs.filterLogEvents({ logGroupName });
    expect(events.length).toBeGreaterThan(1);
    expect(JSON.parse(events[0]?.message ?? '')).toEqual({
      deliveryStreamARN: firehose.arn(name),
      destination: `arn:aws:s3:::${bucket}`,
      deliveryStreamVersionId: 1,
      message:
        'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket.',
      errorCode: 'S3.AccessDenied',
    });
    const PolicyDocument = policyText({ Action: 's3:PutObject', Resource: `arn:aws:s3:::${bucket}/*` });
    await firehose.iam.putRolePolicy({ RoleName, PolicyName: 's3', PolicyDocument });
    await wait(5 * minute);
    expect([...(await firehose.texts(bucket))].sort()).toEqual(['x', 'y']);
  });

  it('for want of the bucket is made once there is one', async () => {
    const bucket = firehose.newName('late-bucket');
    const name = await firehose.deliveryStream({ ExtendedS3DestinationConfiguration: firehose.destination(bucket) });
    await put(name, 'x');
    await wait(2 * minute);
    await firehose.s3.createBucket({ Bucket: bucket });
    await wait(5 * minute);
    expect(await firehose.texts(bucket)).toEqual(['x']);
  });

  it('is given up after a day', async () => {
    const bucket = firehose.newName('never-bucket');
    const name = await firehose.deliveryStream({ ExtendedS3DestinationConfiguration: firehose.destination(bucket) });
    await put(name, 'x');
    await wait(25 * 60 * minute);
    await firehose.s3.createBucket({ Bucket: bucket });
    await put(name, 'y');
    await wait(2 * minute);
    expect(await firehose.texts(bucket)).toEqual(['y']);
  });
});
