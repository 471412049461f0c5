import { Bell } from '../bell.ts';
import type { Cloud } from '../cloud.ts';
import type { Position, Shard } from './shard.ts';
import type { Stream } from './stream.ts';
import type { StreamProgress } from './stream-progress.ts';

/** What reads one shard. */
export interface ShardReading {
  /** Everything before it is dealt with. */
  readonly checkpoint: Position;
  /** Whether its calls are among those that all readers of the shard share. */
  readonly sharesReads: boolean;
  /**
   * Reads until the shard is closed and all that was in it is dealt with, or the stream is gone.
   * @throws the signal's reason when reading ends before that.
   */
  run(): Promise<void>;
}

/** Reads all shards of a stream in the order of their descent. It is woken by what happens to the stream, not by a timer. */
export class StreamReading {
  readonly #cloud: Cloud;
  readonly #progress: StreamProgress;
  readonly #signal: AbortSignal;
  readonly #readerOf: (shard: Shard, start: Position) => ShardReading;
  readonly #reading = new Set<Shard>();
  readonly #changed = new Bell();

  /** @param readerOf makes a reader of a shard, from a position on */
  constructor(cloud: Cloud, progress: StreamProgress, signal: AbortSignal, readerOf: (shard: Shard, start: Position) => ShardReading) {
    this.#cloud = cloud;
    this.#progress = progress;
    this.#signal = signal;
    this.#readerOf = readerOf;
  }

  /**
   * Reads from a stream whenever it is there, also from one that is created again under the same name.
   * @param missing waits a while where there is no stream; is told how many times in a row there was none
   * @throws the signal's reason when it aborts; by then nothing is read any more.
   */
  async follow(find: () => Stream | undefined, missing: (times: number) => Promise<void>): Promise<never> {
    for (let times = 0; ; ) {
      const stream = find();
      times = stream === undefined ? times + 1 : 0;
      if (stream === undefined) await missing(times);
      else if (stream.writable) await this.#readAll(stream);
      else await stream.changed.next(this.#signal);
    }
  }

  /** Reads from a stream until it is being deleted. */
  async #readAll(stream: Stream): Promise<void> {
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
          this.#cloud.inBackground(() => reading);
        }
        await this.#changed.next(this.#signal);
      }
    } finally {
      unsubscribe();
      await Promise.all(running);
    }
  }

  async #read(shard: Shard): Promise<void> {
    const reader = this.#readerOf(shard, this.#progress.positionIn(shard));
    const leave = reader.sharesReads ? shard.limits?.addPoller() : undefined;
    this.#reading.add(shard);
    try {
      await reader.run();
      if (!shard.deleted) this.#progress.finish(shard);
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      leave?.();
      this.#progress.moveTo(shard, reader.checkpoint);
      this.#reading.delete(shard);
      this.#changed.ring();
    }
  }
}
