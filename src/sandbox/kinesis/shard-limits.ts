import type { Clock } from '../../util/clock.ts';
import { TokenBucket } from './token-bucket.ts';

const recordsPerSecond = 1_000;
const writtenPerSecond = 1_048_576;
const readsPerSecond = 5;
const readPerSecond = 2_097_152;
const iteratorsPerSecond = 5;

/** What one shard lets through (Kinesis quotas), on-demand streams' shards included, by the sandbox's clock. */
export class ShardLimits {
  readonly #clock: Clock;
  readonly #records: TokenBucket;
  readonly #written: TokenBucket;
  readonly #iterators: TokenBucket;
  readonly #reads: TokenBucket;
  readonly #read: TokenBucket;
  /** Epoch milliseconds before which nothing can be read, as too much was read before. */
  #readableFrom = 0;
  #pollers = 0;

  constructor(clock: Clock) {
    const now = clock.now();
    this.#clock = clock;
    this.#records = new TokenBucket(recordsPerSecond, now);
    this.#written = new TokenBucket(writtenPerSecond, now);
    this.#iterators = new TokenBucket(iteratorsPerSecond, now);
    this.#reads = new TokenBucket(readsPerSecond, now);
    this.#read = new TokenBucket(readPerSecond, now);
  }

  /**
   * Counts a record that is put: 1000 records and 1 MiB a second. A stream may take records of up to 10 MiB; such a one
   * passes while the second before was quiet, and the shard takes nothing more until it has made up for it. How AWS
   * smooths these bursts is unverified.
   * @param bytes of data and partition key
   * @returns false when it is too much; then it is not counted.
   */
  admitRecord(bytes: number): boolean {
    const now = this.#clock.now();
    if (!this.#records.offers(1, now) || !this.#written.offers(bytes, now)) return false;
    this.#records.take(1, now);
    this.#written.take(bytes, now);
    return true;
  }

  /** Counts a call of GetShardIterator, of which there may be five a second. @returns false when it is one too many. */
  admitIterator(): boolean {
    return passes(this.#iterators, this.#clock.now());
  }

  /** Counts a call of GetRecords, of which there may be five a second. @returns false when it is one too many, or too much was read. */
  admitRead(): boolean {
    const now = this.#clock.now();
    return now >= this.#readableFrom && passes(this.#reads, now);
  }

  /**
   * Counts what was read, which is 2 MiB a second over all readers. When that is used up, nothing can be read until it is
   * made up for: one second after 2 MiB, five after an answer of 10 MiB.
   */
  countRead(bytes: number): void {
    const now = this.#clock.now();
    this.#read.take(bytes, now);
    if (!this.#read.offers(1, now)) this.#readableFrom = now + this.#read.untilFull(now);
  }

  /** How long nothing can be read, as too much was read before; milliseconds. */
  get pauseBeforeRead(): number {
    return Math.max(0, this.#readableFrom - this.#clock.now());
  }

  /**
   * A service polls the shard from now on: an event-source mapping, a delivery stream. On AWS it calls GetRecords about
   * once a second, whether there is something to read or not (Lambda Developer Guide, "Using Lambda with Kinesis"), and so leaves one call less to
   * everybody else. Here it reads when something arrives; its calls are not counted one by one, but taken out of the five
   * for as long as it polls. However many there are, one call a second is left: on AWS they would get into each other's way.
   * @returns what ends it.
   */
  addPoller(): () => void {
    this.#changePollers(1);
    return () => this.#changePollers(-1);
  }

  #changePollers(difference: number): void {
    this.#pollers += difference;
    this.#reads.changeRate(Math.max(1, readsPerSecond - this.#pollers), this.#clock.now());
  }
}

function passes(calls: TokenBucket, now: number): boolean {
  if (!calls.offers(1, now)) return false;
  calls.take(1, now);
  return true;
}
