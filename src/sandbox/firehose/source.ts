import { setMaxListeners } from 'node:events';
import type { Cloud, Scope } from '../cloud.ts';
import { roleAllows } from '../iam/access.ts';
import type { Position, Shard } from '../kinesis/shard.ts';
import { StreamProgress } from '../kinesis/stream-progress.ts';
import { type ShardReading, StreamReading } from '../kinesis/stream-reading.ts';
import { streamsOf } from '../kinesis/streams.ts';
import { assumable } from './delivery.ts';

/** A Kinesis stream that a delivery stream reads from, and the role in whose name. */
export interface KinesisSource {
  readonly streamArn: string;
  readonly roleArn: string;
}

/** What one GetRecords call returns at the most (Kinesis API reference). */
const oneRead = { limit: 10_000, maxBytes: 10 * 1024 * 1024 };
/** Until reading is tried again where it is not allowed or there is no stream; milliseconds, unverified. */
const retryWait = 10_000;

interface SourceContext {
  readonly cloud: Cloud;
  readonly scope: Scope;
  readonly source: KinesisSource;
  readonly signal: AbortSignal;
  /** Waits until there is room for more. */
  readonly room: () => Promise<void>;
  readonly take: (data: Uint8Array, arrival: number) => void;
}

/** Reads everything that is put to a stream from now on (Developer Guide: "from the LATEST position"), until the signal aborts. */
export async function readSource(context: SourceContext): Promise<void> {
  const { cloud, scope, source, signal } = context;
  // Each shard waits for it.
  setMaxListeners(0, signal);
  const progress = new StreamProgress({ type: 'LATEST' });
  const reading = new StreamReading(cloud, progress, signal, (shard, start) => new SourceShard(context, shard, start));
  try {
    await reading.follow(
      () => streamsOf(cloud, scope).byArn(source.streamArn),
      () => cloud.clock.sleep(retryWait, signal),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

class SourceShard implements ShardReading {
  readonly sharesReads = true;
  readonly #context: SourceContext;
  readonly #shard: Shard;
  #next: Position;

  constructor(context: SourceContext, shard: Shard, start: Position) {
    this.#context = context;
    this.#shard = shard;
    this.#next = start;
  }

  get checkpoint(): Position {
    return this.#next;
  }

  async run(): Promise<void> {
    const { room, take, signal } = this.#context;
    while (!this.#shard.deleted) {
      await this.#untilAllowed();
      await room();
      await this.#shard.untilReadable(signal);
      const { records, next, atEnd } = this.#shard.read(this.#next, oneRead);
      for (const { data, arrival } of records) take(data, arrival);
      this.#next = next;
      if (atEnd) return;
      if (records.length === 0) await this.#shard.nextAppend(signal);
    }
  }

  /** The permissions of the role may have been taken away since the delivery stream was created. */
  async #untilAllowed(): Promise<void> {
    const { cloud, scope, source, signal } = this.#context;
    const allows = (action: string) => roleAllows(cloud, source.roleArn, `kinesis:${action}`, source.streamArn);
    while (!assumable(cloud, source.roleArn, scope) || !['GetShardIterator', 'GetRecords'].every(allows)) {
      await cloud.clock.sleep(retryWait, signal);
    }
  }
}
