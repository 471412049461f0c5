import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Delays, quickDelays } from '../../src/sandbox/delays.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { StreamUse } from './stream-use.ts';

export const briefDelays: Delays = {
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

/** A sandbox that the tests of a file share, and what they do with its streams. */
export class KinesisSandbox extends StreamUse {
  readonly patience = { timeoutMs: 10_000, intervalMs: 5 };
  #running: { readonly sandbox: Sandbox; readonly client: KinesisClient } | undefined;
  #streams = 0;
  readonly #bugs: unknown[] = [];

  async start(options: SandboxOptions): Promise<void> {
    const sandbox = await startSandbox({ delays: briefDelays, onBug: (error) => this.#bugs.push(error), ...options });
    const { endpoint, region, credentials } = sandbox;
    this.#running = { sandbox, client: new KinesisClient({ endpoint, region, credentials, maxAttempts: 1 }) };
  }

  /** Ends it; it must not have met a bug of its own. */
  async stop(): Promise<void> {
    this.client.destroy();
    await this.sandbox.stop();
    expect(this.#bugs).toEqual([]);
  }

  get sandbox(): Sandbox {
    return this.#started.sandbox;
  }

  get client(): KinesisClient {
    return this.#started.client;
  }

  newName(): string {
    this.#streams += 1;
    return `stream-${this.#streams}`;
  }

  arn(name: string): string {
    return `arn:aws:kinesis:${this.sandbox.region}:${this.sandbox.account}:stream/${name}`;
  }

  get #started() {
    if (this.#running === undefined) throw new Error('The sandbox is started before the tests, and not before.');
    return this.#running;
  }
}

/**
 * A sandbox for the tests of one file, and the SDK's client for it, speaking HTTP/2 as it does by default. Its shards let
 * everything through unless `defaults` says otherwise, because tests write and read faster than that.
 */
export function kinesisSandbox(options: SandboxOptions = {}, defaults: SandboxOptions = { shardLimits: false }): KinesisSandbox {
  const kinesis = new KinesisSandbox();
  beforeAll(() => kinesis.start({ ...defaults, ...options }));
  afterAll(() => kinesis.stop());
  return kinesis;
}
