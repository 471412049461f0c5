import {
  CreateStreamCommand,
  type CreateStreamInput,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorInput,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Delays, quickDelays } from '../../src/sandbox/delays.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';

const briefDelays: Delays = {
  ...quickDelays,
  streamCreate: 10,
  streamUpdate: 10,
  streamDelete: 10,
  consumerRegister: 10,
  consumerDeregister: 10,
};
/** For tests that look at what is only passing: a stream that stays in CREATING, UPDATING or DELETING. */
export const endlessDelays: Delays = { ...quickDelays, streamCreate: 3_600_000, streamUpdate: 3_600_000, streamDelete: 3_600_000 };

/** Seconds, as the SDK's waiters take them. */
export const waiting = { maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 };

/**
 * A sandbox that the tests of one file share, and the SDK's client for it, speaking HTTP/2 as it does by default. Its
 * shards let everything through unless `defaults` says otherwise, because tests write and read faster than that.
 */
export function kinesisSandbox(options: SandboxOptions = {}, defaults: SandboxOptions = { shardLimits: false }) {
  let sandbox: Sandbox;
  let client: KinesisClient;
  let streams = 0;
  const bugs: unknown[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ delays: briefDelays, onBug: (error) => bugs.push(error), ...defaults, ...options });
    client = new KinesisClient({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials, maxAttempts: 1 });
  });

  afterAll(async () => {
    client.destroy();
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
    newName(): string {
      streams += 1;
      return `stream-${streams}`;
    },
    /** Creates a stream of its own, by default with one shard, and waits until it is ACTIVE. @returns its name. */
    async stream(settings: Partial<CreateStreamInput> = { ShardCount: 1 }): Promise<string> {
      const StreamName = this.newName();
      await client.send(new CreateStreamCommand({ StreamName, ...settings }));
      await waitUntilStreamExists({ client, ...waiting }, { StreamName });
      return StreamName;
    },
    arn(name: string): string {
      return `arn:aws:kinesis:${sandbox.region}:${sandbox.account}:stream/${name}`;
    },
    /** An iterator, by default of the first shard from its oldest record on. */
    async iterator(StreamName: string, settings: Partial<GetShardIteratorInput> = {}): Promise<string> {
      const { ShardIterator = '' } = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON', ...settings }),
      );
      return ShardIterator;
    },
    /** What lies in a shard, read with one call. */
    async read(StreamName: string, settings: Partial<GetShardIteratorInput> = {}): Promise<GetRecordsCommandOutput> {
      return client.send(new GetRecordsCommand({ ShardIterator: await this.iterator(StreamName, settings) }));
    },
  };
}

/** The data of records as text. */
export function texts({ Records = [] }: Pick<GetRecordsCommandOutput, 'Records'>): string[] {
  return Records.map((record) => Buffer.from(record.Data ?? []).toString());
}
