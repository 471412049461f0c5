import type { Clock } from '../../util/clock.ts';
import type { AwsError } from '../error.ts';
import type { PolicyDocument } from '../iam/entity.ts';
import { consumerNotFound, resourceInUse } from './errors.ts';

export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** What a consumer takes from its stream. */
export interface ConsumerHome {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly clock: Clock;
}

/** How long a subscription lasts at the most (Kinesis API reference, SubscribeToShard); milliseconds. */
export const subscriptionLifetime = 300_000;
/** What each consumer gets of each shard, whatever the others read (Kinesis quotas). */
export const fanOutBytesPerSecond = 2_097_152;

/** A call that comes sooner after a successful one, for the same shard, is refused (Kinesis API reference, SubscribeToShard); milliseconds. */
const takeoverDelay = 5_000;

/** A consumer with enhanced fan-out: registered with a stream, it has records pushed to it. */
export class Consumer {
  readonly name: string;
  readonly arn: string;
  readonly stream: ConsumerHome;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  status: ConsumerStatus = 'CREATING';
  /** Who else may use it. */
  resourcePolicy: PolicyDocument | undefined;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(stream: ConsumerHome, name: string, tags: Readonly<Record<string, string>>) {
    this.name = name;
    this.stream = stream;
    this.createdAt = stream.clock.now();
    this.arn = `${stream.arn}/consumer/${name}:${Math.floor(this.createdAt / 1000)}`;
    this.tags = new Map(Object.entries(tags));
  }

  /**
   * Begins a subscription to a shard. One that there was before ends with ResourceInUseException.
   * @throws {AwsError} ResourceInUseException when there was one less than five seconds ago.
   */
  subscribe(shardId: string): Subscription {
    const before = this.#subscriptions.get(shardId);
    const now = this.stream.clock.now();
    // The text of the second is unverified; the first is quoted in reports about the client library for consumers.
    if (before !== undefined && now - before.begunAt < takeoverDelay) {
      throw resourceInUse(
        `Another active subscription exists for this consumer: ${this.stream.account}:${this.stream.name}:${shardId}:${this.name}`,
      );
    }
    before?.end(resourceInUse(`Another subscription of the consumer ${this.name} to ${shardId} has taken over.`));
    const subscription = new Subscription(now);
    this.#subscriptions.set(shardId, subscription);
    return subscription;
  }

  /** Ends all subscriptions, as the consumer is going to be gone. */
  delete(): void {
    this.status = 'DELETING';
    const error = consumerNotFound(this.name, this.stream.arn, this.stream.account);
    for (const subscription of this.#subscriptions.values()) subscription.end(error);
    this.#subscriptions.clear();
  }
}

/** One call of SubscribeToShard. */
export class Subscription {
  /** Epoch milliseconds. */
  readonly begunAt: number;
  readonly #over = new AbortController();
  #error: AwsError | undefined;

  constructor(begunAt: number) {
    this.begunAt = begunAt;
  }

  /** Aborts when the subscription ends. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** What the subscriber is told when it did not end by itself. */
  get error(): AwsError | undefined {
    return this.#error;
  }

  /** Only the first end counts. */
  end(error?: AwsError): void {
    if (this.#over.signal.aborted) return;
    this.#error = error;
    this.#over.abort();
  }
}
