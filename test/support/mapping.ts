import { AttachRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  KinesisClient,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { waiting } from './kinesis.ts';
import { lambdaSandbox } from './lambda.ts';

/** A record of an event, as a function sees it. */
export interface EventRecord {
  readonly kinesis: {
    readonly data: string;
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    readonly approximateArrivalTimestamp: number;
    readonly kinesisSchemaVersion: string;
  };
  readonly [member: string]: unknown;
}

/** One invocation, as the function logged it. */
export interface Received {
  readonly records: readonly EventRecord[];
  /** The data of the records, decoded. */
  readonly data: readonly string[];
  /** All of the event but its records. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly at: number;
}

/** The code of a function that logs each event it gets before it does anything else. */
export function receiver(rest = ''): string {
  return `exports.handler = async (event) => {
    console.log('GOT ' + JSON.stringify(event));
    const texts = event.Records.map((record) => Buffer.from(record.kinesis.data, 'base64').toString());
    ${rest}
  };`;
}

/** A sandbox with streams, functions and mappings between them. Its clock jumps over idle time. */
export function mappingSandbox(options: SandboxOptions = {}) {
  const lambda = lambdaSandbox({ virtualTime: true, ...options });
  let kinesis: KinesisClient;
  let sqs: SQS;
  let s3: S3;
  let streams = 0;

  beforeAll(async () => {
    const { endpoint, region, credentials } = lambda.sandbox;
    kinesis = new KinesisClient({ endpoint, region, credentials, maxAttempts: 1 });
    sqs = new SQS({ endpoint, region, credentials, maxAttempts: 1 });
    s3 = new S3({ endpoint, region, credentials, maxAttempts: 1, forcePathStyle: true });
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
    await lambda.iam.send(new AttachRolePolicyCommand({ RoleName: 'runner', PolicyArn }));
  });

  afterAll(() => {
    for (const client of [kinesis, sqs, s3]) client.destroy();
  });

  const self = {
    lambda,
    get client() {
      return lambda.client;
    },
    get kinesis() {
      return kinesis;
    },
    get sqs() {
      return sqs;
    },
    get s3() {
      return s3;
    },
    arn(stream: string): string {
      return `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
    },
    /** Creates a stream and waits until it is ACTIVE. @returns its name. */
    async stream(ShardCount = 1): Promise<string> {
      streams += 1;
      const StreamName = `stream-${streams}`;
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
      await waitUntilStreamExists({ client: kinesis, ...waiting }, { StreamName });
      return StreamName;
    },
    /** Splits the only shard of a stream in the middle, and waits until the stream is ACTIVE again. */
    async split(StreamName: string): Promise<void> {
      const middle = String(2n ** 127n);
      await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: middle }));
      await waitUntilStreamExists({ client: kinesis, ...waiting }, { StreamName });
    },
    /** Merges the two shards of a stream, and waits until the stream is ACTIVE again. */
    async merge(StreamName: string): Promise<void> {
      const [ShardToMerge, AdjacentShardToMerge] = ['shardId-000000000000', 'shardId-000000000001'];
      await kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
      await waitUntilStreamExists({ client: kinesis, ...waiting }, { StreamName });
    },
    /** Creates a stream of a name that was used before. */
    async recreateStream(StreamName: string): Promise<void> {
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      await waitUntilStreamExists({ client: kinesis, ...waiting }, { StreamName });
    },
    async deleteStream(StreamName: string): Promise<void> {
      await kinesis.send(new DeleteStreamCommand({ StreamName }));
    },
    async put(StreamName: string, data: string, PartitionKey = 'key'): Promise<string> {
      const { SequenceNumber = '' } = await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(data), PartitionKey }));
      return SequenceNumber;
    },
    /** Puts records in one call, so that they are there together. */
    async putAll(StreamName: string, data: readonly string[], keyOf: (data: string) => string = () => 'key'): Promise<void> {
      const Records = data.map((text) => ({ Data: Buffer.from(text), PartitionKey: keyOf(text) }));
      await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    },
    /** Creates a mapping. */
    async create(stream: string, FunctionName: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}) {
      const { $metadata, ...answer } = await lambda.client.send(
        new CreateEventSourceMappingCommand({
          EventSourceArn: self.arn(stream),
          FunctionName,
          StartingPosition: 'TRIM_HORIZON',
          ...settings,
        }),
      );
      return { status: $metadata.httpStatusCode, answer, uuid: answer.UUID ?? '' };
    },
    /** Creates a mapping and waits until it is Enabled. @returns its UUID. */
    async map(stream: string, FunctionName: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}): Promise<string> {
      const { uuid } = await self.create(stream, FunctionName, settings);
      await self.untilEnabled(uuid);
      return uuid;
    },
    async untilEnabled(UUID: string): Promise<void> {
      await self.until(async () => (await self.mapping(UUID)).State === 'Enabled');
    },
    async untilGone(UUID: string): Promise<void> {
      await self.until(async () => {
        const call = self.mapping(UUID).then(() => undefined);
        return (await call.catch((error: Error) => error.name)) === 'ResourceNotFoundException';
      });
    },
    /** Tells a function that what was broken is mended: sets the variable FIXED. */
    async fix(FunctionName: string): Promise<void> {
      await lambda.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { FIXED: 'yes' } } }));
      await waitUntilFunctionUpdatedV2({ client: lambda.client, ...waiting }, { FunctionName });
    },
    async mapping(UUID: string): Promise<EventSourceMappingConfiguration> {
      const { $metadata: _, ...mapping } = await lambda.client.send(new GetEventSourceMappingCommand({ UUID }));
      return mapping;
    },
    /** The events that a `receiver` has got so far. */
    async received(FunctionName: string): Promise<readonly Received[]> {
      const events = await lambda.events(FunctionName);
      return events.flatMap(({ message = '', timestamp = 0 }) => {
        const json = /\tGOT (.*)\n$/s.exec(message)?.[1];
        if (json === undefined) return [];
        const { Records, ...rest } = JSON.parse(json) as { readonly Records: readonly EventRecord[] };
        const data = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
        return [{ records: Records, data, rest, at: timestamp }];
      });
    },
    /** The data of each batch that a `receiver` has got, once there are so many batches. */
    async batches(FunctionName: string, count: number): Promise<readonly (readonly string[])[]> {
      await self.until(async () => (await self.received(FunctionName)).length >= count);
      return (await self.received(FunctionName)).map(({ data }) => data);
    },
    /** Waits, by the sandbox's clock, for something to become true; looks ever more seldom, as looking is what takes time. */
    async until(condition: () => Promise<boolean>): Promise<void> {
      for (let tries = 0; !(await condition()); tries += 1) {
        if (tries === 1_000) throw new Error('It did not come about.');
        await lambda.sandbox.clock.sleep(Math.min(1_000, 50 + 5 * tries));
      }
    },
    /** Lets time pass in which nothing is expected to happen. */
    async pass(ms: number): Promise<void> {
      await lambda.sandbox.clock.sleep(ms);
    },
  };
  return self;
}
