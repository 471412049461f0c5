import { atWork } from '../../clock.ts';
import { hashKeyOf } from '../../kinesis/hash-key.ts';
import type { Position, Shard } from '../../kinesis/shard.ts';
import type { ShardRecord } from '../../kinesis/shard-record.ts';
import { FanOutSource, type ShardSource, sharedSource } from '../../kinesis/shard-source.ts';
import type { ShardReading } from '../../kinesis/stream-reading.ts';
import { nextTurn, Turn } from '../../turn.ts';
import { backOffAfter } from './batch.ts';
import { findConsumer } from './event-source.ts';
import { largestEvent } from './kinesis-event.ts';
import { Lane } from './lane.ts';
import { type PollContext, roleOf } from './poll-context.ts';
import { canRead } from './stream-access.ts';

/** Records that are read at once: as many as one call of GetRecords returns (Kinesis API reference). */
const mostRead = 10_000;
/** Between two attempts to read where reading is not allowed, at the most; milliseconds. */
const longestWait = 10_000;

/** Reads one shard for a mapping, from a position to the shard's end, and hands its records to the lanes. */
export class ShardReader implements ShardReading {
  readonly #context: PollContext;
  readonly #shard: Shard;
  readonly #lanes: readonly Lane[];
  readonly #source: ShardSource;
  /** Of the next record that no lane has got yet. */
  #next: Position;

  constructor(context: PollContext, shard: Shard, start: Position) {
    this.#context = context;
    this.#shard = shard;
    this.#next = start;
    this.#source = sourceOf(context, shard);
    const readUpTo = () => this.#next;
    this.#lanes = Array.from({ length: context.settings.parallelization }, () => new Lane(context, shard, readUpTo));
  }

  get sharesReads(): boolean {
    return this.#source.sharesReads;
  }

  /** Everything before it is dealt with. */
  get checkpoint(): Position {
    return Math.min(this.#next, ...this.#lanes.map((lane) => lane.oldest ?? this.#next));
  }

  /**
   * Reads until the shard is closed and all that was in it is dealt with, or the stream is gone.
   * @throws the signal's reason when polling ends; by then no function is at work any more.
   */
  async run(): Promise<void> {
    const working = this.#lanes.map((lane) => lane.run());
    const reading = this.#read().finally(() => {
      this.#source.close();
      for (const lane of this.#lanes) lane.close();
    });
    const all = [reading, ...working];
    try {
      await Promise.all(all);
    } catch (error) {
      if (this.#context.signal.aborted) await Promise.allSettled(all);
      throw error;
    }
  }

  async #read(): Promise<void> {
    const { cloud, signal, settings } = this.#context;
    const limit = Math.min(mostRead, settings.batchSize * settings.parallelization);
    while (!this.#shard.deleted) {
      await this.#untilAllowed();
      await this.#source.ready(signal);
      const { records, next, atEnd } = this.#source.read(this.#next, { limit, maxBytes: largestEvent });
      const sorted = await atWork(cloud.clock, () => this.#sortOut(records));
      signal.throwIfAborted();
      for (const { record, lane } of sorted) {
        // Without a pause where there is room: what was read together is sent together.
        while (lane.full) await lane.drained.next(signal);
        lane.add(record);
        this.#next = record.position + 1;
      }
      this.#next = next;
      if (atEnd) return;
      if (records.length > 0) continue;
      await this.#source.more(signal);
      // One record can wake many mappings, and whoever put it waits for the answer.
      await atWork(cloud.clock, nextTurn);
    }
  }

  /** The records that pass the mapping's filters, each with its lane. */
  async #sortOut(records: readonly ShardRecord[]): Promise<readonly { readonly record: ShardRecord; readonly lane: Lane }[]> {
    const turn = new Turn();
    const sorted: { readonly record: ShardRecord; readonly lane: Lane }[] = [];
    for (const record of records) {
      if (turn.over) await turn.pass();
      const lane = this.#laneFor(record);
      if (lane !== undefined) sorted.push({ record, lane });
    }
    return sorted;
  }

  /** Reading is done in the name of the function's role, whose permissions may have been taken away since. */
  async #untilAllowed(): Promise<void> {
    const { cloud, source, signal, report } = this.#context;
    for (let failures = 1; ; failures += 1) {
      const role = roleOf(this.#context);
      if (role !== undefined && canRead(cloud, role, source)) return;
      report(
        role === undefined
          ? 'PROBLEM: Function call failed'
          : `PROBLEM: Cannot access stream. Please ensure the role can perform the ${
              source.consumerArn === undefined ? 'GetRecords' : 'SubscribeToShard'
            } action on your stream in IAM.`,
      );
      await cloud.clock.sleep(Math.min(backOffAfter(failures), longestWait), signal);
    }
  }

  /** Undefined for a record that the mapping's filters hold back. */
  #laneFor(record: ShardRecord): Lane | undefined {
    if (!passes(record, this.#context.settings.filters)) return undefined;
    return this.#lanes[laneOf(record, this.#lanes.length)];
  }
}

function sourceOf({ cloud, source, report }: PollContext, shard: Shard): ShardSource {
  if (source.consumerArn === undefined) return sharedSource(shard);
  return new FanOutSource(
    shard,
    cloud.clock,
    () => findConsumer(cloud, source),
    () => report('PROBLEM: Stream consumer not found'),
  );
}

function passes(record: ShardRecord, filters: PollContext['settings']['filters']): boolean {
  if (filters.length === 0) return true;
  const { data } = record;
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  return filters.some((filter) => filter.matches(text));
}

/** The same for the same key. The low digits of its hash say nothing about the shard, so they spread evenly. */
function laneOf(record: ShardRecord, lanes: number): number {
  return lanes === 1 ? 0 : Number.parseInt(hashKeyOf(record.partitionKey).slice(-8), 16) % lanes;
}
