import type { Clock } from '../../util/clock.ts';
import { AwsError } from '../error.ts';
import { type Consumer, fanOutBytesPerSecond, type Subscription, subscriptionLifetime } from './consumer.ts';
import type { Position, Shard, ShardBatch } from './shard.ts';
import { TokenBucket } from './token-bucket.ts';

/** How a service gets at the records of a shard. */
export interface ShardSource {
  /** Whether its calls are among those that all readers of the shard share. */
  readonly sharesReads: boolean;
  /** Resolves when the shard can be read. @throws the signal's reason */
  ready(signal: AbortSignal): Promise<void>;
  /** Reads what is there now, as `Shard.read` does. */
  read(position: Position, options: { readonly limit: number; readonly maxBytes: number }): ShardBatch;
  /** Resolves when there may be something to read again, or `ready` has to be asked. @throws the signal's reason */
  more(signal: AbortSignal): Promise<void>;
  /** Nothing is read any more. */
  close(): void;
}

/** Reads with GetRecords, as everybody can. */
export function sharedSource(shard: Shard): ShardSource {
  return {
    sharesReads: true,
    ready: (signal) => shard.untilReadable(signal),
    read: (position, options) => shard.read(position, options),
    more: (signal) => shard.nextAppend(signal),
    close: () => undefined,
  };
}

/** Between two looks for a consumer that is not there, or whose subscription somebody else has just taken; milliseconds. */
const retryWait = 1_000;

/** Has records pushed to it as a consumer with enhanced fan-out, which has a throughput of its own. */
export class FanOutSource implements ShardSource {
  readonly sharesReads = false;
  readonly #shard: Shard;
  readonly #clock: Clock;
  readonly #find: () => Consumer | undefined;
  readonly #missing: () => void;
  readonly #throughput: TokenBucket | undefined;
  #subscription: Subscription | undefined;

  /**
   * @param find the consumer; undefined when it is not registered (any more)
   * @param missing is told so
   */
  constructor(shard: Shard, clock: Clock, find: () => Consumer | undefined, missing: () => void) {
    this.#shard = shard;
    this.#clock = clock;
    this.#find = find;
    this.#missing = missing;
    this.#throughput = shard.limits === undefined ? undefined : new TokenBucket(fanOutBytesPerSecond, clock.now());
  }

  async ready(signal: AbortSignal): Promise<void> {
    while (!this.#shard.deleted && !this.#subscribed()) await this.#clock.sleep(retryWait, signal);
    for (let now = this.#clock.now(); this.#throughput?.offers(1, now) === false; now = this.#clock.now()) {
      await this.#clock.sleep(this.#throughput.untilFull(now), signal);
    }
  }

  read(position: Position, options: { readonly limit: number; readonly maxBytes: number }): ShardBatch {
    const batch = this.#shard.look(position, options);
    this.#throughput?.take(batch.bytes, this.#clock.now());
    return batch;
  }

  async more(signal: AbortSignal): Promise<void> {
    const ended = this.#subscription?.signal;
    try {
      await this.#shard.nextAppend(ended === undefined ? signal : AbortSignal.any([signal, ended]));
    } catch {
      signal.throwIfAborted();
    }
  }

  close(): void {
    this.#subscription?.end();
  }

  /** Renews a subscription that is over, if that is possible. */
  #subscribed(): boolean {
    const consumer = this.#find();
    if (consumer === undefined || consumer.status === 'DELETING') {
      this.#missing();
      return false;
    }
    if (consumer.status === 'CREATING') return false;
    const current = this.#subscription;
    if (current !== undefined && !current.signal.aborted && this.#clock.now() < current.begunAt + subscriptionLifetime) return true;
    try {
      this.#subscription = consumer.subscribe(this.#shard.id);
      return true;
    } catch (error) {
      // Another subscription of the consumer was begun less than five seconds ago.
      if (error instanceof AwsError) return false;
      throw error;
    }
  }
}
