import { CreateStreamCommand, type CreateStreamInput, DeleteStreamCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { briefDelays } from './kinesis.ts';
import { type KinesisAccess, kinesisClient, openRemote, prefixVariable } from './kinesis-access.ts';
import { StreamUse } from './stream-use.ts';

/** Whether the suite runs against what the environment of AWS's tools points to, and not against sandboxes of its own. */
const prefix = process.env[prefixVariable];

/**
 * What the conformance suite runs against: a sandbox for each file, or what the environment points to. On AWS a stream takes
 * seconds to come and go and costs money (the global set-up of such a run says how much), so tests share those that they
 * only put to and read from (`shared`), and those that a file made for itself go when its tests are done, failed or not.
 */
export class ConformanceTarget extends StreamUse {
  readonly patience = prefix === undefined ? { timeoutMs: 10_000, intervalMs: 5 } : { timeoutMs: 180_000, intervalMs: 250 };
  #opened: (KinesisAccess & { close(): Promise<void> }) | undefined;
  readonly #names: string[] = [];

  async open(): Promise<void> {
    this.#opened = await (prefix === undefined ? openSandbox() : openRemote());
  }

  /** Begins the removal of everything that the file made for itself; the end of the run waits for it. */
  async close(): Promise<void> {
    if (prefix !== undefined) for (const name of this.#names) await this.#remove(name);
    await this.#opened?.close();
  }

  get client(): KinesisClient {
    return this.#open.client;
  }

  get account(): string {
    return this.#open.account;
  }

  get region(): string {
    return this.#open.region;
  }

  newName(): string {
    const name = `${prefix ?? 'conformance-'}${Math.random().toString(36).slice(2, 10)}`;
    this.#names.push(name);
    return name;
  }

  arn(name: string): string {
    return `arn:aws:kinesis:${this.region}:${this.account}:stream/${name}`;
  }

  /** A stream that all tests put to and read from, and none changes. @returns its name */
  async shared(ShardCount = 1): Promise<string> {
    const StreamName = `${prefix ?? ''}shared-${ShardCount}`;
    const settings: CreateStreamInput = { StreamName, ShardCount };
    await this.client.send(new CreateStreamCommand(settings)).catch(unless('ResourceInUseException'));
    await this.settled(StreamName);
    return StreamName;
  }

  /** What AWS answers for a stream that is not there. */
  notFound(name: string) {
    return { name: 'ResourceNotFoundException', message: `Stream ${name} under account ${this.account} not found.` };
  }

  async #remove(StreamName: string): Promise<void> {
    const command = new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true });
    await this.client.send(command).catch(unless('ResourceNotFoundException', 'ResourceInUseException'));
  }

  get #open() {
    if (this.#opened === undefined) throw new Error('The target is opened before the tests, and not before.');
    return this.#opened;
  }
}

/** The target of the tests of one file. */
export function conformance(): ConformanceTarget {
  const target = new ConformanceTarget();
  beforeAll(() => target.open());
  afterAll(() => target.close());
  return target;
}

async function openSandbox(): Promise<KinesisAccess & { close(): Promise<void> }> {
  const bugs: unknown[] = [];
  const sandbox = await startSandbox({ delays: briefDelays, shardLimits: false, onBug: (error) => bugs.push(error) });
  const { endpoint, region, credentials, account } = sandbox;
  const client = kinesisClient({ endpoint, region, credentials, maxAttempts: 1 });
  return {
    client,
    account,
    region,
    async close() {
      client.destroy();
      await sandbox.stop();
      expect(bugs).toEqual([]);
    },
  };
}

function unless(...names: readonly string[]) {
  return (error: unknown): void => {
    if (!(error instanceof Error) || !names.includes(error.name)) throw error;
  };
}
