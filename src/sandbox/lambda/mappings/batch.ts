import type { Position, ShardRecord } from '../../kinesis/shard.ts';

/** A record on its way to a function. */
export interface BatchRecord extends Pick<ShardRecord, 'position' | 'sequenceNumber' | 'arrival'> {
  /** As it stands in the event. */
  readonly json: string;
}

/** Records that are sent together, and how often they have failed so far. */
export interface Batch {
  readonly records: readonly BatchRecord[];
  readonly failures: number;
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
const wholeFailure: Verdict = { kind: 'failure', from: 0 };

/**
 * Reads the answer of a function (aws-behaviour 3.5). Without `reportsItemFailures` it says nothing about the batch; with
 * it, an identifier that is not one of the batch fails the whole batch, and the lowest one that is decides otherwise.
 */
export function verdictOf(answer: Uint8Array, batch: Batch, rules: RetryRules): Verdict {
  if (!rules.reportsItemFailures) return success;
  const failures = itemFailures(answer);
  if (failures.length === 0) return success;
  const indexes = failures.map((failure) => batch.records.findIndex(({ sequenceNumber }) => sequenceNumber === identifierOf(failure)));
  const from = Math.min(...indexes);
  return from === -1 ? wholeFailure : { kind: 'failure', from };
}

function itemFailures(answer: Uint8Array): readonly unknown[] {
  const parsed = parse(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).toString('utf8'));
  const failures = typeof parsed === 'object' && parsed !== null && 'batchItemFailures' in parsed ? parsed.batchItemFailures : null;
  return Array.isArray(failures) ? failures : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function identifierOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined;
}

/** What happens to a batch that failed. */
export interface Settlement {
  /** To be sent again, in this order. */
  readonly again: readonly Batch[];
  /** Given up: the retries are exhausted. */
  readonly discarded: readonly BatchRecord[];
  /** Whether to wait first. */
  readonly backOff: boolean;
}

/**
 * What comes after a failure (aws-behaviour 3.5): only what failed is sent again, never topped up; halving a batch, or
 * cutting it where the function says, does not use up retries when the mapping bisects.
 */
export function settleFailure(batch: Batch, from: number, rules: RetryRules): Settlement {
  const records = batch.records.slice(from);
  if (rules.bisect && from > 0) return { again: [{ records, failures: batch.failures }], discarded: [], backOff: true };
  if (rules.bisect && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(0, middle), records.slice(middle)];
    return { again: halves.map((half) => ({ records: half, failures: batch.failures })), discarded: [], backOff: false };
  }
  const failures = batch.failures + 1;
  if (rules.maximumRetries >= 0 && failures > rules.maximumRetries) return { again: [], discarded: records, backOff: false };
  return { again: [{ records, failures }], discarded: [], backOff: true };
}

/** Takes out what is too old to be sent, or has expired in the stream. @param now epoch milliseconds. */
export function withoutExpired(batch: Batch, rules: RetryRules, now: number, horizon: Position): Batch {
  const oldest = rules.maximumAge === -1 ? Number.NEGATIVE_INFINITY : now - rules.maximumAge * 1_000;
  const records = batch.records.filter(({ position, arrival }) => position >= horizon && arrival >= oldest);
  return records.length === batch.records.length ? batch : { ...batch, records };
}

/** Before the first retry, in milliseconds; doubled each time. AWS was seen to try eight times in sixty seconds (aws-behaviour 3.5). */
const firstBackOff = 400;
const longestBackOff = 60_000;

/** How long to wait after so many failures in a row. */
export function backOffAfter(failures: number): number {
  return Math.min(longestBackOff, firstBackOff * 2 ** (failures - 1));
}
