import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamCommandInput,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Delays, quickDelays } from '../../src/sandbox/delays.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { policyText, trustText } from './policies.ts';
import { roleWith } from './role.ts';

const briefDelays: Delays = {
  ...quickDelays,
  streamCreate: 10,
  streamUpdate: 10,
  deliveryStreamCreate: 10,
  deliveryStreamDelete: 10,
  logDelivery: 0,
};

/** Lets Firehose assume a role. */
export const firehoseTrust = trustText({ Service: 'firehose.amazonaws.com' });

/** An object that was delivered. */
export interface Delivered {
  readonly key: string;
  readonly body: Buffer;
}

/** A sandbox that the tests of one file share, with a role for Firehose that may do everything, and clients of what it touches. */
export function firehoseSandbox(options: SandboxOptions = {}) {
  let sandbox: Sandbox;
  let client: FirehoseClient;
  let s3: S3;
  let kinesis: Kinesis;
  let iam: IAM;
  let logs: CloudWatchLogs;
  let roleArn = '';
  let names = 0;
  const bugs: unknown[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ delays: briefDelays, onBug: (error) => bugs.push(error), ...options });
    const { endpoint, region, credentials } = sandbox;
    const config = { endpoint, region, credentials, maxAttempts: 1 };
    client = new FirehoseClient(config);
    s3 = new S3({ ...config, forcePathStyle: true });
    kinesis = new Kinesis(config);
    iam = new IAM(config);
    logs = new CloudWatchLogs(config);
    roleArn = await roleWith(iam, 'delivery', firehoseTrust, { inline: policyText() });
  });

  afterAll(async () => {
    for (const each of [client, s3, kinesis, iam, logs]) each.destroy();
    await sandbox.stop();
    expect(bugs).toEqual([]);
  });

  return {
    get sandbox() {
      return sandbox;
    },
    get client() {
      return client;
    },
    get s3() {
      return s3;
    },
    get kinesis() {
      return kinesis;
    },
    get iam() {
      return iam;
    },
    get logs() {
      return logs;
    },
    get role() {
      return roleArn;
    },
    newName(kind = 'delivery'): string {
      names += 1;
      return `${kind}-${names}`;
    },
    arn(name: string): string {
      return `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`;
    },
    async bucket(): Promise<string> {
      const Bucket = this.newName('bucket');
      await s3.createBucket({ Bucket });
      return Bucket;
    },
    /** A stream with one shard that is ACTIVE. @returns its ARN. */
    async stream(ShardCount = 1): Promise<string> {
      const StreamName = this.newName('stream');
      await kinesis.createStream({ StreamName, ShardCount });
      const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
      await this.until(
        async () => (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
      );
      return arn;
    },
    /** The configuration of a destination with the buffer of a minute. */
    destination(bucket: string, settings: Partial<ExtendedS3DestinationConfiguration> = {}): ExtendedS3DestinationConfiguration {
      return {
        RoleARN: roleArn,
        BucketARN: `arn:aws:s3:::${bucket}`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ...settings,
      };
    },
    async describe(DeliveryStreamName: string) {
      return (await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription;
    },
    /** Creates a delivery stream and waits until it is ACTIVE. @returns its name. */
    async deliveryStream(settings: Partial<CreateDeliveryStreamCommandInput>): Promise<string> {
      const DeliveryStreamName = this.newName();
      await client.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, ...settings }));
      await this.until(async () => (await this.describe(DeliveryStreamName))?.DeliveryStreamStatus === 'ACTIVE');
      return DeliveryStreamName;
    },
    /** What lies in a bucket, by key. */
    async delivered(Bucket: string): Promise<readonly Delivered[]> {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket });
      const objects: Delivered[] = [];
      for (const { Key = '' } of Contents) {
        const { Body } = await s3.getObject({ Bucket, Key });
        objects.push({ key: Key, body: Buffer.from((await Body?.transformToByteArray()) ?? []) });
      }
      return objects;
    },
    /** The texts of the objects in a bucket, by key. */
    async texts(bucket: string): Promise<readonly string[]> {
      return (await this.delivered(bucket)).map(({ body }) => body.toString());
    },
    /** Waits on the sandbox's clock until something is so. @throws when it is not so after a minute and a half */
    async until(holds: () => Promise<boolean>): Promise<void> {
      for (let waited = 0; waited < 90_000; waited += 20) {
        if (await holds()) return;
        await sandbox.clock.sleep(20);
      }
      throw new Error('It did not happen.');
    },
  };
}
