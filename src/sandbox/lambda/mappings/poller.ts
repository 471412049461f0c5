import { setMaxListeners } from 'node:events';
import type { Cloud } from '../../cloud.ts';
import { Bell } from '../../kinesis/bell.ts';
import type { Position, Shard } from '../../kinesis/shard.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { streamsOf } from '../../kinesis/streams.ts';
import { backOffAfter } from './batch.ts';
import type { PollContext } from './poll-context.ts';
import { ShardReader } from './shard-reader.ts';

/** Where a mapping begins to read (aws-behaviour 3.1). */
export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  /** Epoch milliseconds. */
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number };

/** How far a mapping has come in a stream. It outlives the poller, so that a mapping goes on where it was stopped. */
export class Progress {
  readonly #start: StartingPosition;
  #stream: Stream | undefined;
  #positions = new Map<string, Position>();
  #finished = new Set<string>();

  constructor(start: StartingPosition) {
    this.#start = start;
  }

  /** Polling begins. The starting position of all shards that are there is taken now, unless they were read before. */
  begin(stream: Stream): void {
    if (this.#stream === stream) return;
    this.#stream = stream;
    this.#finished = new Set();
    this.#positions = new Map(stream.shards.map((shard) => [shard.id, positionIn(shard, this.#start)]));
  }

  /** Shards that came into being after polling began are read from their beginning. */
  positionIn(shard: Shard): Position {
    return this.#positions.get(shard.id) ?? shard.trimHorizon();
  }

  moveTo(shard: Shard, position: Position): void {
    this.#positions.set(shard.id, position);
  }

  finish(shard: Shard): void {
    this.#finished.add(shard.id);
  }

  /** The shards that are to be read now: each comes after its parents, and is read once. */
  due(stream: Stream): readonly Shard[] {
    const unread = stream.shards.filter(({ id }) => !this.#finished.has(id));
    const ahead = new Set(unread.map(({ id }) => id));
    return unread.filter(({ parents }) => !ahead.has(parents.parent ?? '') && !ahead.has(parents.adjacentParent ?? ''));
  }
}

function positionIn(shard: Shard, start: StartingPosition): Position {
  switch (start.type) {
    case 'TRIM_HORIZON':
      return shard.trimHorizon();
    case 'LATEST':
      return shard.latest();
    case 'AT_TIMESTAMP':
      return shard.atTimestamp(start.time);
  }
}

/** Reads all shards of a stream for a mapping, until it is stopped. It is woken by what happens to the stream, not by a timer. */
export class Poller {
  readonly #stop = new AbortController();
  readonly #context: PollContext;
  readonly #progress: Progress;
  readonly #reading = new Set<Shard>();
  readonly #changed = new Bell();
  readonly #done: Promise<void>;

  constructor(cloud: Cloud, context: Omit<PollContext, 'signal' | 'cloud'>, progress: Progress) {
    const signal = AbortSignal.any([this.#stop.signal, cloud.signal]);
    // Every lane of every shard waits for it.
    setMaxListeners(0, signal);
    this.#context = { ...context, cloud, signal };
    this.#progress = progress;
    this.#done = new Promise((resolve) => cloud.inBackground(() => this.#run().finally(resolve)));
  }

  /** Ends polling. Resolves when no function is at work for the mapping any more. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The mapping stops polling.'));
    await this.#done;
  }

  async #run(): Promise<void> {
    const { cloud, scope, streamArn, signal, report } = this.#context;
    let missing = 0;
    try {
      for (;;) {
        const stream = streamsOf(cloud, scope).byArn(streamArn);
        missing = stream === undefined ? missing + 1 : 0;
        if (stream?.writable) await this.#readAll(stream);
        else if (stream !== undefined) await stream.changed.next(signal);
        else {
          report('PROBLEM: Stream not found');
          await cloud.clock.sleep(backOffAfter(missing), signal);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Reads from a stream until it is being deleted. */
  async #readAll(stream: Stream): Promise<void> {
    const { cloud, signal } = this.#context;
    const running = new Set<Promise<unknown>>();
    const unsubscribe = stream.changed.listen(() => this.#changed.ring());
    this.#progress.begin(stream);
    try {
      while (stream.writable) {
        for (const shard of this.#progress.due(stream)) {
          if (this.#reading.has(shard)) continue;
          const reading = this.#read(shard);
          const settled: Promise<unknown> = Promise.allSettled([reading]).then(() => running.delete(settled));
          running.add(settled);
          cloud.inBackground(() => reading);
        }
        await this.#changed.next(signal);
      }
    } finally {
      unsubscribe();
      await Promise.all(running);
    }
  }

  async #read(shard: Shard): Promise<void> {
    const reader = new ShardReader(this.#context, shard, this.#progress.positionIn(shard));
    this.#reading.add(shard);
    try {
      await reader.run();
      if (!shard.deleted) this.#progress.finish(shard);
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
    } finally {
      this.#progress.moveTo(shard, reader.checkpoint);
      this.#reading.delete(shard);
      this.#changed.ring();
    }
  }
}
