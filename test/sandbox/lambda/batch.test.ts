import { describe, expect, it } from 'vitest';
import {
  type Batch,
  backOffAfter,
  dropExpired,
  type RetryRules,
  settleFailure,
  verdictOf,
} from '../../../src/sandbox/lambda/mappings/batch.ts';

const rules: RetryRules = { maximumRetries: -1, maximumAge: -1, bisect: false, reportsItemFailures: true };

/** Records `s1` … `s<count>`, which arrived one second apart. */
function batchOf(count: number, failures = 0): Batch {
  const records = Array.from({ length: count }, (_, index) => ({
    position: index,
    sequenceNumber: `s${index + 1}`,
    arrival: index * 1_000,
    partitionKey: 'key',
    data: new Uint8Array(),
    size: 3,
  }));
  return { records, failures, invocations: failures };
}

function names(batch: Pick<Batch, 'records'> | undefined): readonly string[] | undefined {
  return batch?.records.map(({ sequenceNumber }) => sequenceNumber);
}

function verdict(answer: unknown, batch = batchOf(3), with_ = rules) {
  return verdictOf(Buffer.from(JSON.stringify(answer)), batch, with_);
}

function failed(...identifiers: readonly unknown[]) {
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}

describe('The answer of a function that reports failures', () => {
  it('is a success when it names none', () => {
    for (const answer of ['', [], null, {}, { batchItemFailures: [] }, { batchItemFailures: null }, { other: 1 }]) {
      expect(verdict(answer), JSON.stringify(answer)).toEqual({ kind: 'success' });
    }
    expect(verdictOf(new Uint8Array(), batchOf(3), rules)).toEqual({ kind: 'success' });
  });

  it('fails the batch from the lowest record that it names', () => {
    expect(verdict(failed('s2'))).toEqual({ kind: 'failure', from: 1 });
    expect(verdict(failed('s3', 's2'))).toEqual({ kind: 'failure', from: 1 });
  });

  it('fails the whole batch when it names what is not in it', () => {
    for (const answer of [failed('s9'), failed(123), failed(''), failed(null), failed('s3', 's9')]) {
      expect(verdict(answer), JSON.stringify(answer)).toEqual({ kind: 'failure', from: 0 });
    }
    for (const item of [{ foo: 123 }, { foo: null }, null, 's2']) {
      expect(verdict({ batchItemFailures: [item] }), JSON.stringify(item)).toEqual({ kind: 'failure', from: 0 });
    }
  });

  it('says nothing where the mapping does not listen to it', () => {
    expect(verdict(failed('s2'), batchOf(3), { ...rules, reportsItemFailures: false })).toEqual({ kind: 'success' });
  });
});

describe('A batch that failed', () => {
  it('is sent again as it was, for ever, by default', () => {
    const { again, discarded, backOff } = settleFailure(batchOf(3, 1_000), 0, rules);
    expect([again.map(names), again[0]?.failures, discarded, backOff]).toEqual([[['s1', 's2', 's3']], 1_001, [], true]);
  });

  it('is given up after its retries', () => {
    const twice = { ...rules, maximumRetries: 2 };
    expect(settleFailure(batchOf(2, 1), 0, twice).again).toHaveLength(1);
    const { again, discarded } = settleFailure(batchOf(2, 2), 0, twice);
    expect([again, names({ records: discarded })]).toEqual([[], ['s1', 's2']]);
    expect(settleFailure(batchOf(1), 0, { ...rules, maximumRetries: 0 }).discarded).toHaveLength(1);
  });

  it('is sent again from the record that failed, as a batch of its own with all of its retries', () => {
    const { again, discarded } = settleFailure(batchOf(3, 1), 2, { ...rules, maximumRetries: 1 });
    expect([again.map(names), again[0]?.failures, again[0]?.invocations, discarded]).toEqual([[['s3']], 0, 0, []]);
  });

  it('is halved where the mapping bisects, at once and without using up retries', () => {
    const { again, backOff } = settleFailure(batchOf(5, 1), 0, { ...rules, bisect: true, maximumRetries: 1 });
    expect(again.map(names)).toEqual([
      ['s1', 's2', 's3'],
      ['s4', 's5'],
    ]);
    expect([again.map(({ failures }) => failures), backOff]).toEqual([[1, 1], false]);
  });

  it('of one record cannot be halved, and uses up retries', () => {
    const bisecting = { ...rules, bisect: true, maximumRetries: 1 };
    expect(settleFailure(batchOf(1, 0), 0, bisecting).again[0]?.failures).toBe(1);
    expect(settleFailure(batchOf(1, 1), 0, bisecting).discarded).toHaveLength(1);
  });

  it('is cut where the function says instead of in the middle, if it says so', () => {
    const { again } = settleFailure(batchOf(5, 1), 3, { ...rules, bisect: true });
    expect([again.map(names), again[0]?.failures]).toEqual([[['s4', 's5']], 0]);
  });
});

describe('Records', () => {
  it('that are too old are taken out', () => {
    const { kept, tooOld } = dropExpired(batchOf(3), { ...rules, maximumAge: 60 }, 61_000, 0);
    expect([names(kept), names({ records: tooOld })]).toEqual([['s2', 's3'], ['s1']]);
  });

  it('that have expired in the stream are taken out, and nobody is told of them', () => {
    const { kept, tooOld } = dropExpired(batchOf(3), { ...rules, maximumAge: 60 }, 200_000, 2);
    expect([names(kept), names({ records: tooOld })]).toEqual([[], ['s3']]);
  });

  it('are all kept by default', () => {
    const batch = batchOf(3);
    expect(dropExpired(batch, rules, Number.MAX_SAFE_INTEGER, 0)).toEqual({ kept: batch, tooOld: [] });
  });
});

describe('The time between attempts', () => {
  it('grows, so that eight attempts take about a minute, and has an end', () => {
    const waits = Array.from({ length: 7 }, (_, index) => backOffAfter(index + 1));
    expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThan(60_000);
    expect(waits.reduce((sum, wait) => sum + wait) + backOffAfter(8)).toBeGreaterThan(60_000);
    expect(backOffAfter(100)).toBe(60_000);
  });
});
