import type { Clock } from '../../util/clock.ts';
import { Bell } from '../bell.ts';
import { type HashKey, type HashKeyRange, hashKeyFrom } from './hash-key.ts';
import { RecordLog, type RecordSpan } from './record-log.ts';
import { RecordText } from './record-text.ts';
import { lastRecordIndex, parseSequenceNumber, SequenceNumbers, sequenceBase, sequenceNumberAt } from './sequence-number.ts';
import { shardIdOf } from './shard-id.ts';
import { ShardLimits } from './shard-limits.ts';
import { LoggedRecord, type ShardRecord } from './shard-record.ts';

/**
 * A place in a shard to read from: the number of records that had been put to the shard before the one that is read
 * next. It stays true when older records expire.
 */
export type Position = number;

/** How much is read at once. `maxBytes` counts keys and data. */
export interface ReadLimit {
  readonly limit: number;
  readonly maxBytes: number;
}

/** What is read together. `Records` is the form in which the records come. */
export interface ShardBatch<Records = readonly ShardRecord[]> {
  readonly records: Records;
  /** Where to go on reading. */
  readonly next: Position;
  /** Of their keys and data. */
  readonly bytes: number;
  /** Milliseconds; 0 when there is nothing left to read. */
  readonly millisBehindLatest: number;
  /** The shard is closed and nothing of it is left to read. */
  readonly atEnd: boolean;
}

/** What a shard takes from its stream. */
export interface ShardHome {
  readonly clock: Clock;
  readonly retentionMs: number;
  /** Whether its shards let through no more than AWS's do. */
  readonly shardLimits: boolean;
}

/** The ids of the shards that a shard came from: one when it was split off, two when they were merged. */
export interface ShardParents {
  readonly parent?: string;
  readonly adjacentParent?: string;
}

export class Shard {
  readonly index: number;
  /** `shardId-000000000003`. */
  readonly id: string;
  readonly range: HashKeyRange;
  /** The end of `range` in the form in which hash keys are compared. */
  readonly lastHashKey: HashKey;
  readonly parents: ShardParents;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly startingSequenceNumber: string;
  /** Rings when a record arrives, and when the shard closes or its stream is deleted. */
  readonly changed = new Bell();
  /** What it lets through; undefined when that is everything. */
  readonly limits: ShardLimits | undefined;
  readonly #home: ShardHome;
  readonly #log = new RecordLog();
  readonly #sequenceBase: bigint;
  /** What records get that are put. */
  readonly #given: SequenceNumbers;
  #closedAt: number | undefined;
  #deleted = false;

  constructor(home: ShardHome, index: number, range: HashKeyRange, createdAt: number, parents: ShardParents = {}) {
    this.#home = home;
    this.index = index;
    this.id = shardIdOf(index);
    this.range = range;
    this.lastHashKey = hashKeyFrom(range.end);
    this.parents = parents;
    this.createdAt = createdAt;
    this.limits = home.shardLimits ? new ShardLimits(home.clock) : undefined;
    this.#sequenceBase = sequenceBase(seconds(createdAt), index);
    this.#given = new SequenceNumbers(this.#sequenceBase);
    this.startingSequenceNumber = sequenceNumberAt(this.#sequenceBase, 0n, seconds(createdAt));
  }

  /** A closed shard takes no more records, and can be read until the last of them has expired. */
  get closed(): boolean {
    return this.#closedAt !== undefined;
  }

  /** Epoch milliseconds. */
  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  /** Its stream is gone. */
  get deleted(): boolean {
    return this.#deleted;
  }

  /** A second older than the first numbers of the shards that come in its place (read off sequence numbers of AWS). */
  get endingSequenceNumber(): string | undefined {
    return this.#closedAt === undefined ? undefined : sequenceNumberAt(this.#sequenceBase, lastRecordIndex, seconds(this.#closedAt) - 1);
  }

  /** A closed shard is no longer part of its stream once everything that it may have held has expired. */
  get expired(): boolean {
    return this.#closedAt !== undefined && this.#closedAt < this.#horizon();
  }

  /**
   * Puts a record to the end.
   * @returns its sequence number; undefined when it is over the shard's limits, and was not put.
   */
  append(partitionKey: string, data: Uint8Array): string | undefined {
    if (this.limits?.admitRecord(Buffer.byteLength(partitionKey, 'utf8') + data.byteLength) === false) return undefined;
    const now = this.#home.clock.now();
    this.#log.trim(now - this.#home.retentionMs);
    const position = this.#log.next;
    const arrival = this.#log.append(partitionKey, data, now);
    this.changed.ring();
    return this.#given.at(position + 1, seconds(arrival));
  }

  /** TRIM_HORIZON: the oldest record that has not expired. */
  trimHorizon(): Position {
    this.trim();
    return this.#log.first;
  }

  /** LATEST: after the newest record. */
  latest(): Position {
    return this.#log.next;
  }

  /** AT_TIMESTAMP: the first record that arrived at `time` (epoch milliseconds) or later. */
  atTimestamp(time: number): Position {
    this.trim();
    return this.#log.positionFrom(time);
  }

  /** AT_SEQUENCE_NUMBER: the first record that has this number or a higher one. @param number one of this shard's, see `owns`. */
  at(number: string): Position {
    const { recordIndex = 0n, seconds: time = 0 } = parseSequenceNumber(number) ?? {};
    if (recordIndex > this.latest()) return this.latest();
    const position = Math.max(0, Number(recordIndex) - 1);
    const arrival = this.#log.arrivalAt(position);
    return recordIndex > 0n && arrival !== undefined && time > seconds(arrival) ? position + 1 : position;
  }

  /** AFTER_SEQUENCE_NUMBER. @param number one of this shard's, see `owns`; its StartingSequenceNumber stands before all records. */
  after(number: string): Position {
    const index = parseSequenceNumber(number)?.recordIndex ?? 0n;
    return Math.min(this.latest(), Number(index));
  }

  /**
   * A number that tells how far reading has come: above that of the record before `position`, below that of the one at it,
   * and higher as time goes by, though nothing is put (recorded from Kinesis, where a subscriber had read all).
   */
  continuationAt(position: Position): string {
    const reached = (position === 0 ? undefined : this.#log.arrivalAt(position - 1)) ?? this.createdAt;
    return sequenceNumberAt(this.#sequenceBase, BigInt(position), Math.max(seconds(reached) + 1, seconds(this.#home.clock.now())));
  }

  /** Whether this shard gave out the sequence number, as far as can be told from it: same index, same time of creation. */
  owns(number: string): boolean {
    const parsed = parseSequenceNumber(number);
    return parsed?.shardIndex === this.index && parsed.shardCreated === seconds(this.createdAt);
  }

  /**
   * Reads what is there now; does not wait. What is read counts, but whether it may be read is not asked here, see
   * `limits` and `untilReadable`. `maxBytes` counts keys and data, and one record is read even if it is larger.
   */
  read(position: Position, most: ReadLimit): ShardBatch {
    return this.#counted(this.look(position, most));
  }

  /** Reads as `read` does, without a share in what all readers may read together: for consumers that have a throughput of their own. */
  look(position: Position, most: ReadLimit): ShardBatch {
    return this.#batch(position, most, (span) => {
      const records: ShardRecord[] = [];
      const numbers = new SequenceNumbers(this.#sequenceBase);
      for (const { segment, from, to } of this.#log.runs(span)) {
        for (let slot = from; slot < to; slot += 1) records.push(new LoggedRecord(segment, slot, numbers));
      }
      return records;
    });
  }

  /**
   * Reads as `read` does. The records come as the JSON text in which GetRecords answers them, which is made when it is sent.
   * @param encrypted whether a record that arrived at a time (epoch milliseconds) was encrypted
   */
  readText(position: Position, most: ReadLimit, encrypted: (arrival: number) => boolean): ShardBatch<RecordText> {
    return this.#counted(this.lookText(position, most, encrypted));
  }

  /** Is to `readText` what `look` is to `read`. */
  lookText(position: Position, most: ReadLimit, encrypted: (arrival: number) => boolean): ShardBatch<RecordText> {
    const sequenceNumberAt = (at: Position, arrival: number) => this.#sequenceNumberOf(at, arrival);
    return this.#batch(position, most, (span) => new RecordText(this.#log.runs(span), { sequenceNumberAt, encrypted }));
  }

  #batch<Records>(position: Position, { limit, maxBytes }: ReadLimit, recordsOf: (span: RecordSpan) => Records): ShardBatch<Records> {
    this.trim();
    const span = this.#log.span(position, limit, maxBytes);
    const unread = this.#log.arrivalAt(span.next);
    return {
      records: recordsOf(span),
      next: span.next,
      bytes: span.bytes,
      millisBehindLatest: unread === undefined ? 0 : Math.max(1, this.#home.clock.now() - unread),
      atEnd: this.closed && unread === undefined,
    };
  }

  #counted<Batch extends ShardBatch<unknown>>(batch: Batch): Batch {
    this.limits?.countRead(batch.bytes);
    return batch;
  }

  /**
   * Resolves when the shard's throughput is not used up any more: services that poll it wait where clients are refused.
   * @throws the signal's reason when `signal` aborts first.
   */
  async untilReadable(signal: AbortSignal): Promise<void> {
    for (let wait = this.limits?.pauseBeforeRead ?? 0; wait > 0; wait = this.limits?.pauseBeforeRead ?? 0) {
      await this.#home.clock.sleep(wait, signal);
    }
  }

  /**
   * Resolves at the next put to this shard, or when it closes or its stream is deleted. No put is missed when the
   * caller reads and, having found nothing, calls this without awaiting anything in between.
   * @throws the signal's reason when `signal` aborts first.
   */
  nextAppend(signal?: AbortSignal): Promise<void> {
    return this.changed.next(signal);
  }

  /** Takes no more records from `time` (epoch milliseconds) on. */
  close(time: number): void {
    this.#closedAt = time;
    this.changed.ring();
  }

  /** Lets go of everything, as the stream is gone. */
  delete(): void {
    this.#deleted = true;
    this.#log.clear();
    this.changed.ring();
  }

  /** Lets go of what has expired. Everything that looks at the oldest record does so first, and so must whoever lengthens the retention. */
  trim(): void {
    this.#log.trim(this.#horizon());
  }

  #horizon(): number {
    return this.#home.clock.now() - this.#home.retentionMs;
  }

  #sequenceNumberOf(position: Position, arrival: number): string {
    return sequenceNumberAt(this.#sequenceBase, BigInt(position + 1), seconds(arrival));
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
