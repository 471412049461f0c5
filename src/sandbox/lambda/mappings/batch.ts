import type { Position } from '../../kinesis/shard.ts';
import type { ShardRecord } from '../../kinesis/shard-record.ts';

/** Records that are sent together. */
export interface Batch {
  readonly records: readonly ShardRecord[];
  /** How many of their retries they have used up, and the attempt before these. */
  readonly failures: number;
  /** How often they have been sent, with others or alone. */
  readonly invocations: number;
}

/** A batch that has not been sent yet. */
export function newBatch(records: readonly ShardRecord[]): Batch {
  return { records, failures: 0, invocations: 0 };
}

/** How a mapping deals with failures. */
export interface RetryRules {
  /** Attempts after the first; -1 for ever. */
  readonly maximumRetries: number;
  /** Seconds; -1 for ever. */
  readonly maximumAge: number;
  readonly bisect: boolean;
  /** Whether the function says which records have failed. */
  readonly reportsItemFailures: boolean;
}

/** What a function made of a batch. `from` is the index of the first record that has to be sent again. */
export type Verdict = { readonly kind: 'success' } | { readonly kind: 'failure'; readonly from: number };

const success: Verdict = { kind: 'success' };
export const wholeFailure: Verdict = { kind: 'failure', from: 0 };

/**
 * Reads the answer of a function (mappings recorded on AWS). Without `reportsItemFailures` it says nothing about the batch; with
 * it, an identifier that is not one of the batch fails the whole batch, and the lowest one that is decides otherwise.
 */
export function verdictOf(answer: Uint8Array, batch: Batch, rules: RetryRules): Verdict {
  if (!rules.reportsItemFailures) return success;
  const failures = itemFailures(answer);
  if (failures.length === 0) return success;
  const named = new Set(failures.map(identifierOf));
  let [from, found] = [0, 0];
  for (const [index, { sequenceNumber }] of batch.records.entries()) {
    if (!named.has(sequenceNumber)) continue;
    if (found === 0) from = index;
    found += 1;
  }
  return found < named.size ? wholeFailure : { kind: 'failure', from };
}

function itemFailures(answer: Uint8Array): readonly unknown[] {
  const parsed = parseAnswer(answer);
  const failures = typeof parsed === 'object' && parsed !== null && 'batchItemFailures' in parsed ? parsed.batchItemFailures : null;
  return Array.isArray(failures) ? failures : [];
}

/** What a function returned; null for what is no JSON. */
export function parseAnswer(answer: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

function identifierOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined;
}

/** What happens to a batch that was sent and failed. */
export interface Settlement {
  /** To be sent again, in this order. */
  readonly again: readonly Batch[];
  /** Given up: the retries are exhausted. */
  readonly discarded: readonly ShardRecord[];
  /** Whether to wait first. */
  readonly backOff: boolean;
}

/**
 * What comes after a failure (mappings recorded on AWS): only what failed is sent again, never topped up. Where the function has
 * taken some records, those behind them are a batch of their own, with all of its retries, which counts from the beginning how
 * often it is sent. Halving a batch does not use up retries.
 */
export function settleFailure(batch: Batch, from: number, rules: RetryRules): Settlement {
  const records = batch.records.slice(from);
  const invocations = batch.invocations + 1;
  if (from > 0) return { again: [newBatch(records)], discarded: [], backOff: true };
  if (rules.bisect && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(0, middle), records.slice(middle)];
    return { again: halves.map((half) => ({ ...batch, records: half, invocations })), discarded: [], backOff: false };
  }
  const failures = batch.failures + 1;
  if (rules.maximumRetries >= 0 && failures > rules.maximumRetries) return { again: [], discarded: records, backOff: false };
  return { again: [{ records, failures, invocations }], discarded: [], backOff: true };
}

/**
 * Takes out what is too old to be sent, and what has expired in the stream.
 * @param now epoch milliseconds
 * @returns what is left, and the records that are too old by the rules but still in the stream.
 */
export function dropExpired(
  batch: Batch,
  rules: RetryRules,
  now: number,
  horizon: Position,
): { readonly kept: Batch; readonly tooOld: readonly ShardRecord[] } {
  const oldest = rules.maximumAge === -1 ? Number.NEGATIVE_INFINITY : now - rules.maximumAge * 1_000;
  // Records lie in the order of their time.
  const expired = countWhile(batch.records, ({ position }) => position < horizon);
  const dropped = countWhile(batch.records, ({ position, arrival }) => position < horizon || arrival < oldest);
  const kept = dropped === 0 ? batch : { ...batch, records: batch.records.slice(dropped) };
  return { kept, tooOld: batch.records.slice(expired, dropped) };
}

/** How many records at the beginning are so. */
function countWhile(records: readonly ShardRecord[], isSo: (record: ShardRecord) => boolean): number {
  const first = records.findIndex((record) => !isSo(record));
  return first === -1 ? records.length : first;
}

/** Before the first retry, in milliseconds; doubled each time. AWS was seen to try eight times in sixty seconds (mappings recorded on AWS). */
const firstBackOff = 400;
const longestBackOff = 60_000;

/** How long to wait after so many failures in a row. */
export function backOffAfter(failures: number): number {
  return Math.min(longestBackOff, firstBackOff * 2 ** (failures - 1));
}
