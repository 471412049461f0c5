import { Bell } from '../../bell.ts';
import { atWork } from '../../clock.ts';
import type { Position, Shard } from '../../kinesis/shard.ts';
import type { ShardRecord } from '../../kinesis/shard-record.ts';
import { nextTurn } from '../../turn.ts';
import { Delivery } from './delivery.ts';
import { fitting, largestEvent, recordWriter } from './kinesis-event.ts';
import type { PollContext } from './poll-context.ts';
import { contains, type ShardWindows } from './tumbling-window.ts';

/** How long to wait for records of a window that is over but not read yet; milliseconds. */
const unreadWait = 1_000;

/**
 * Records of one shard, sent one batch after the other. A shard has as many lanes as its mapping's ParallelizationFactor;
 * a partition key always takes the same one, so its records stay in order (Lambda Developer Guide, "Using Lambda with Kinesis"). With tumbling windows
 * there is one lane only, and a batch has records of one window.
 */
export class Lane {
  /** Rings when there is room again. */
  readonly drained = new Bell();
  readonly #context: PollContext;
  readonly #shard: Shard;
  /** The position up to which the shard was read. */
  readonly #readUpTo: () => Position;
  readonly #windows: ShardWindows | undefined;
  readonly #delivery: Delivery;
  readonly #changed = new Bell();
  readonly #queue: ShardRecord[] = [];
  #queuedBytes = 0;
  /** Since when the oldest queued record has been waiting, by the sandbox's clock. */
  #waitingSince = 0;
  #closed = false;

  constructor(context: PollContext, shard: Shard, readUpTo: () => Position) {
    this.#context = context;
    this.#shard = shard;
    this.#readUpTo = readUpTo;
    this.#windows = context.settings.tumblingWindow > 0 ? context.windowsOf(shard.id) : undefined;
    this.#delivery = new Delivery(context, shard, this.#windows);
  }

  /** As many records wait as one batch can take. */
  get full(): boolean {
    return this.#queue.length >= this.#context.settings.batchSize || this.#queuedBytes >= largestEvent;
  }

  /** Of the oldest record that is not dealt with. */
  get oldest(): Position | undefined {
    return this.#delivery.oldest ?? this.#queue[0]?.position;
  }

  add(record: ShardRecord): void {
    if (this.#queue.length === 0) this.#waitingSince = this.#context.cloud.clock.now();
    this.#queue.push(record);
    this.#queuedBytes += record.size;
    this.#changed.ring();
  }

  /** Nothing more will come; `run` ends when everything is dealt with. */
  close(): void {
    this.#closed = true;
    this.#changed.ring();
  }

  /** Sends what comes in. @throws the signal's reason when polling ends. */
  async run(): Promise<void> {
    for (;;) {
      const [first] = this.#queue;
      const window = this.#windows?.open;
      if (window !== undefined && (first === undefined ? this.#isOver(window) : !contains(window, first.arrival))) {
        await this.#delivery.closeWindow({ early: false });
      } else if (first !== undefined) {
        await this.#gather(first);
        const batch = await atWork(this.#context.cloud.clock, () => this.#nextBatch());
        this.#drop(batch.length);
        await this.#delivery.deliver(batch);
      } else if (this.#closed) {
        return;
      } else if (window !== undefined) {
        await this.#pause(this.#nextLook(window), () => this.#queue.length > 0 || this.#closed);
      } else {
        await this.#changed.next(this.#context.signal);
      }
    }
  }

  /** Nothing more belongs to a window: its time has passed and all that arrived in it was read, or the shard has come to its end. */
  #isOver({ end }: { readonly end: number }): boolean {
    if (this.#closed) return true;
    return this.#context.cloud.clock.now() >= end && this.#readUpTo() >= this.#shard.atTimestamp(end);
  }

  /** When to look again whether a window is over. */
  #nextLook({ end }: { readonly end: number }): number {
    const now = this.#context.cloud.clock.now();
    return end > now ? end : now + unreadWait;
  }

  /** Waits until the batching window has passed, or the tumbling window of the first record is over, or the batch is full. */
  async #gather({ arrival }: ShardRecord): Promise<void> {
    const { cloud, settings } = this.#context;
    this.#windows?.enter(arrival, settings.tumblingWindow);
    const due = Math.min(this.#waitingSince + settings.batchingWindow * 1_000, this.#windows?.open?.end ?? Number.POSITIVE_INFINITY);
    if (cloud.clock.now() < due) await this.#pause(due, () => this.full || this.#closed);
  }

  /** Waits until a change after which it is enough, or until a time. */
  async #pause(until: number, isEnough: () => boolean): Promise<void> {
    const { cloud, signal } = this.#context;
    const enough = new AbortController();
    const look = () => {
      if (isEnough()) enough.abort();
    };
    const stop = this.#changed.listen(look);
    look();
    try {
      await cloud.clock.sleep(Math.max(0, until - cloud.clock.now()), AbortSignal.any([signal, enough.signal]));
    } catch {
      signal.throwIfAborted();
    } finally {
      stop();
    }
  }

  /** The next batch, which stays in the queue. */
  async #nextBatch(): Promise<readonly ShardRecord[]> {
    // The batching windows of many lanes can be over at the same time.
    await nextTurn();
    const records = this.#together();
    return records.slice(0, await fitting(records, recordWriter(this.#context, this.#shard.id)));
  }

  /** Takes the first records from the queue, which are being sent. */
  #drop(count: number): void {
    for (const { size } of this.#queue.splice(0, count)) this.#queuedBytes -= size;
    this.#waitingSince = this.#context.cloud.clock.now();
    this.drained.ring();
  }

  /** The records at the beginning of the queue that may be sent together. */
  #together(): readonly ShardRecord[] {
    const batch = this.#queue.slice(0, this.#context.settings.batchSize);
    const window = this.#windows?.open;
    const beyond = window === undefined ? -1 : batch.findIndex(({ arrival }) => !contains(window, arrival));
    return beyond === -1 ? batch : batch.slice(0, beyond);
  }
}
