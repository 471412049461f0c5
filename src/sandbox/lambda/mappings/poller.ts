import { setMaxListeners } from 'node:events';
import type { Cloud } from '../../cloud.ts';
import type { StreamProgress } from '../../kinesis/stream-progress.ts';
import { StreamReading } from '../../kinesis/stream-reading.ts';
import { streamByArn } from '../../kinesis/streams.ts';
import { backOffAfter } from './batch.ts';
import type { PollContext } from './poll-context.ts';
import { ShardReader } from './shard-reader.ts';

/** Reads all shards of a stream for a mapping, until it is stopped. */
export class Poller {
  readonly #stop = new AbortController();
  readonly #context: PollContext;
  readonly #reading: StreamReading;
  readonly #done: Promise<void>;

  constructor(cloud: Cloud, context: Omit<PollContext, 'signal' | 'cloud'>, progress: StreamProgress) {
    const signal = AbortSignal.any([this.#stop.signal, cloud.signal]);
    // Every lane of every shard waits for it.
    setMaxListeners(0, signal);
    const pollContext = { ...context, cloud, signal };
    this.#context = pollContext;
    this.#reading = new StreamReading(cloud, progress, signal, (shard, start) => new ShardReader(pollContext, shard, start));
    this.#done = new Promise((resolve) => cloud.inBackground(() => this.#run().finally(resolve)));
  }

  /** Ends polling. Resolves when no function is at work for the mapping any more. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The mapping stops polling.'));
    await this.#done;
  }

  async #run(): Promise<void> {
    const { cloud, source, signal, report } = this.#context;
    try {
      await this.#reading.follow(
        () => streamByArn(cloud, source.streamArn),
        async (times) => {
          report('PROBLEM: Stream not found');
          await cloud.clock.sleep(backOffAfter(times), signal);
        },
      );
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
