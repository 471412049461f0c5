import { randomUUID } from 'node:crypto';
import { AwsError } from '../../error.ts';
import { Bell } from '../../kinesis/bell.ts';
import type { Position, Shard, ShardRecord } from '../../kinesis/shard.ts';
import { invokeFunction } from '../environments/invoke.ts';
import { functionsOf } from '../functions/functions.ts';
import { type Batch, type BatchRecord, backOffAfter, settleFailure, type Verdict, verdictOf, withoutExpired } from './batch.ts';
import { batchRecord, fitting, kinesisEvent, largestEvent } from './kinesis-event.ts';
import { type PollContext, roleOf } from './poll-context.ts';

/**
 * Records of one shard, sent one batch after the other. A shard has as many lanes as its mapping's ParallelizationFactor;
 * a partition key always takes the same one, so its records stay in order (aws-behaviour 3.4).
 */
export class Lane {
  /** Rings when there is room again. */
  readonly drained = new Bell();
  readonly #context: PollContext;
  readonly #shard: Shard;
  readonly #changed = new Bell();
  #queue: ShardRecord[] = [];
  #queuedBytes = 0;
  /** Since when the oldest queued record has been waiting, by the sandbox's clock. */
  #waitingSince = 0;
  /** What was taken from the queue and is not dealt with yet. */
  #unfinished: readonly Batch[] = [];
  #closed = false;

  constructor(context: PollContext, shard: Shard) {
    this.#context = context;
    this.#shard = shard;
  }

  /** As many records wait as one batch can take. */
  get full(): boolean {
    return this.#queue.length >= this.#context.settings.batchSize || this.#queuedBytes >= largestEvent;
  }

  /** Of the oldest record that is not dealt with. */
  get oldest(): Position | undefined {
    return this.#unfinished[0]?.records[0]?.position ?? this.#queue[0]?.position;
  }

  add(record: ShardRecord): void {
    if (this.#queue.length === 0) this.#waitingSince = this.#context.cloud.clock.now();
    this.#queue.push(record);
    this.#queuedBytes += record.data.byteLength;
    this.#changed.ring();
  }

  /** Nothing more will come; `run` ends when everything is dealt with. */
  close(): void {
    this.#closed = true;
    this.#changed.ring();
  }

  /** Sends what comes in. @throws the signal's reason when polling ends. */
  async run(): Promise<void> {
    while (await this.#batchIsDue()) await this.#deliver(this.#take());
  }

  async #batchIsDue(): Promise<boolean> {
    const { signal, settings } = this.#context;
    while (this.#queue.length === 0) {
      if (this.#closed) return false;
      await this.#changed.next(signal);
    }
    if (settings.batchingWindow > 0) await this.#gather(settings.batchingWindow * 1_000);
    return true;
  }

  /** Waits until the window has passed or the batch is full. */
  async #gather(window: number): Promise<void> {
    const { clock } = this.#context.cloud;
    const { signal } = this.#context;
    const enough = new AbortController();
    const look = () => {
      if (this.full || this.#closed) enough.abort();
    };
    const stop = this.#changed.listen(look);
    look();
    try {
      await clock.sleep(this.#waitingSince + window - clock.now(), AbortSignal.any([signal, enough.signal]));
    } catch {
      signal.throwIfAborted();
    } finally {
      stop();
    }
  }

  #take(): readonly BatchRecord[] {
    const { scope, streamArn, settings } = this.#context;
    const source = { streamArn, shardId: this.#shard.id, region: scope.region, roleArn: roleOf(this.#context) ?? '' };
    const records = this.#queue.slice(0, settings.batchSize).map((record) => batchRecord(record, source));
    const taken = records.slice(0, fitting(records));
    this.#queue = this.#queue.slice(taken.length);
    this.#queuedBytes = this.#queue.reduce((sum, { data }) => sum + data.byteLength, 0);
    this.#waitingSince = this.#context.cloud.clock.now();
    this.#unfinished = [{ records: taken, failures: 0 }];
    this.drained.ring();
    return taken;
  }

  /** Sends records until the function has taken them, or they are given up. */
  async #deliver(records: readonly BatchRecord[]): Promise<void> {
    const { cloud, settings, signal } = this.#context;
    let batches: readonly Batch[] = [{ records, failures: 0 }];
    let failuresInARow = 0;
    for (let [next] = batches; next !== undefined; [next] = batches) {
      const rest = batches.slice(1);
      this.#unfinished = batches;
      signal.throwIfAborted();
      const batch = withoutExpired(next, settings, cloud.clock.now(), this.#shard.trimHorizon());
      const outcome = batch.records.length === 0 ? 'expired' : await this.#send(batch);
      if (outcome === 'expired' || (outcome !== 'not-run' && outcome.kind === 'success')) {
        if (outcome !== 'expired') failuresInARow = 0;
        batches = rest;
        continue;
      }
      failuresInARow += 1;
      // Here an on-failure destination would be told of what is discarded.
      const { again, backOff } = outcome === 'not-run' ? { again: [batch], backOff: true } : settleFailure(batch, outcome.from, settings);
      batches = [...again, ...rest];
      this.#unfinished = batches;
      if (backOff) await cloud.clock.sleep(backOffAfter(failuresInARow), signal);
    }
    this.#unfinished = [];
  }

  /** `not-run` when the function could not be invoked (it is throttled, or gone): that uses up no retry (aws-behaviour 3.5). */
  async #send(batch: Batch): Promise<Verdict | 'not-run'> {
    const { cloud, scope, settings, report } = this.#context;
    const lambdaFunction = functionsOf(cloud, scope).find(settings.functionName);
    const problem = 'PROBLEM: Function call failed';
    if (lambdaFunction === undefined) {
      report(problem);
      return 'not-run';
    }
    try {
      const invocation = { requestId: randomUUID(), payload: kinesisEvent(batch.records) };
      const { failed, payload } = await invokeFunction(cloud, lambdaFunction, invocation);
      report(failed ? problem : 'OK');
      return failed ? { kind: 'failure', from: 0 } : verdictOf(payload, batch, settings);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      report(problem);
      return 'not-run';
    }
  }
}
