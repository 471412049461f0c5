import { randomUUID } from 'node:crypto';
import { atWork } from '../../clock.ts';
import { AwsError } from '../../error.ts';
import type { Position, Shard } from '../../kinesis/shard.ts';
import type { ShardRecord } from '../../kinesis/shard-record.ts';
import { type InvocationResult, invokeFunction } from '../environments/invoke.ts';
import {
  type Batch,
  backOffAfter,
  dropExpired,
  newBatch,
  type Settlement,
  settleFailure,
  type Verdict,
  verdictOf,
  wholeFailure,
} from './batch.ts';
import { type Discard, tellDestination } from './failure-record.ts';
import { kinesisEvent, recordWriter, type WindowFrame } from './kinesis-event.ts';
import type { PollContext } from './poll-context.ts';
import { findTarget } from './target-function.ts';
import { returnedState, type ShardWindows } from './tumbling-window.ts';

/** What came of one invocation. */
interface Attempt {
  readonly verdict: Verdict;
  /** What on-failure destinations are told of it. */
  readonly told: Required<Pick<Discard, 'requestId' | 'response' | 'frame'>>;
}

/** Sends records of one shard to the function, one batch at a time, until it has taken them or they are given up. */
export class Delivery {
  readonly #context: PollContext;
  readonly #shard: Shard;
  /** Where the mapping has tumbling windows. */
  readonly #windows: ShardWindows | undefined;
  #unfinished: readonly Batch[] = [];

  constructor(context: PollContext, shard: Shard, windows: ShardWindows | undefined) {
    this.#context = context;
    this.#shard = shard;
    this.#windows = windows;
  }

  /** Of the oldest record that is not dealt with. */
  get oldest(): Position | undefined {
    return this.#unfinished[0]?.records[0]?.position;
  }

  /** @throws the signal's reason when polling ends before the records are dealt with. */
  async deliver(records: readonly ShardRecord[]): Promise<void> {
    const { cloud, signal } = this.#context;
    let batches: readonly Batch[] = [newBatch(records)];
    let failuresInARow = 0;
    for (let [next] = batches; next !== undefined; [next] = batches) {
      this.#unfinished = batches;
      signal.throwIfAborted();
      const batch = this.#withoutExpired(next);
      const rest = batches.slice(1);
      const attempt = batch.records.length === 0 ? undefined : await this.#send(batch);
      if (attempt === undefined || (attempt !== 'not-run' && attempt.verdict.kind === 'success')) {
        if (attempt !== undefined) failuresInARow = 0;
        if (this.#windows?.overflows) await this.closeWindow({ early: true });
        batches = rest;
        continue;
      }
      failuresInARow += 1;
      const { again, backOff } = attempt === 'not-run' ? { again: [batch], backOff: true } : this.#settle(batch, attempt);
      batches = [...again, ...rest];
      this.#unfinished = batches;
      if (backOff) await cloud.clock.sleep(backOffAfter(failuresInARow), signal);
    }
    this.#unfinished = [];
  }

  /**
   * Calls the function for the last time for the window that is open: it gets the state and no records. The call is tried
   * again as often as a batch is, and its state is dropped then.
   * @throws the signal's reason when polling ends before that.
   */
  async closeWindow({ early }: { readonly early: boolean }): Promise<void> {
    const { cloud, settings, signal } = this.#context;
    let [batch]: readonly Batch[] = [newBatch([])];
    for (let failuresInARow = 1; batch !== undefined; failuresInARow += 1) {
      signal.throwIfAborted();
      const attempt = await this.#send(batch, { early });
      if (attempt !== 'not-run') {
        if (attempt.verdict.kind === 'success') break;
        [batch] = settleFailure(batch, attempt.verdict.from, settings).again;
      }
      if (batch !== undefined) await cloud.clock.sleep(backOffAfter(failuresInARow), signal);
    }
    this.#windows?.close();
  }

  /** A batch without the records that are too old, of which the on-failure destination is told. */
  #withoutExpired(batch: Batch): Batch {
    const { kept, tooOld } = dropExpired(batch, this.#context.settings, this.#context.cloud.clock.now(), this.#shard.trimHorizon());
    // A batch that was too old from the start counts as tried once (mappings recorded on AWS).
    const told = { condition: 'RecordAgeExceeded', invocations: Math.max(1, batch.invocations), requestId: randomUUID() } as const;
    tellDestination(this.#context, this.#shard.id, { ...told, records: tooOld });
    return kept;
  }

  /** What comes after a failure. What is given up now is told to the on-failure destination. */
  #settle(batch: Batch, { verdict, told }: Attempt): Omit<Settlement, 'discarded'> {
    const from = verdict.kind === 'failure' ? verdict.from : 0;
    const { discarded, ...settlement } = settleFailure(batch, from, this.#context.settings);
    const invocations = batch.invocations + 1;
    const discard: Discard = { ...told, records: discarded, condition: 'RetryAttemptsExhausted', invocations };
    tellDestination(this.#context, this.#shard.id, discard);
    return settlement;
  }

  /** `not-run` when the function could not be invoked (it is throttled, or gone): that uses up no retry (mappings recorded on AWS). */
  async #send(batch: Batch, closing?: { readonly early: boolean }): Promise<Attempt | 'not-run'> {
    const { cloud, scope, settings, report } = this.#context;
    const target = findTarget(cloud, scope, settings.target);
    const problem = 'PROBLEM: Function call failed';
    if (target === undefined) {
      report(problem);
      return 'not-run';
    }
    try {
      const requestId = randomUUID();
      const frame = this.#frame(batch, closing);
      const payload = await atWork(cloud.clock, () => kinesisEvent(batch.records, recordWriter(this.#context, this.#shard.id), frame));
      const version = target.pick();
      const result = await invokeFunction(cloud, version, { requestId, functionArn: settings.target.arn, payload });
      const failed = result.failed || (this.#windows !== undefined && returnedState(result.payload) === undefined);
      report(failed ? problem : 'OK');
      const verdict = failed ? wholeFailure : this.#verdict(result, batch);
      return {
        verdict,
        told: { requestId, frame, response: { executedVersion: version.number, functionError: result.failed ? 'Unhandled' : null } },
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      report(problem);
      return 'not-run';
    }
  }

  /** Also keeps the state that the function returned, unless it says that the whole batch failed. */
  #verdict({ payload }: InvocationResult, batch: Batch): Verdict {
    const verdict = verdictOf(payload, batch, this.#context.settings);
    const state = returnedState(payload);
    if (state !== undefined && (verdict.kind === 'success' || verdict.from > 0)) this.#windows?.keep(state);
    return verdict;
  }

  #frame({ records: [first] }: Batch, closing: { readonly early: boolean } | undefined): WindowFrame | undefined {
    if (first !== undefined) this.#windows?.enter(first.arrival, this.#context.settings.tumblingWindow);
    const open = this.#windows?.open;
    if (open === undefined) return undefined;
    const { source } = this.#context;
    return { ...open, sourceArn: source.arn, shardId: this.#shard.id, final: closing !== undefined, early: closing?.early ?? false };
  }
}
