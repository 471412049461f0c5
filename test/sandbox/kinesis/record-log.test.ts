import { describe, expect, it } from 'vitest';
import { RecordLog } from '../../../src/sandbox/kinesis/record-log.ts';

interface StoredRecord {
  readonly position: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrival: number;
}

const everything = { limit: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER };

function recordsFrom(log: RecordLog, position: number, { limit, maxBytes } = everything): readonly StoredRecord[] {
  const records: StoredRecord[] = [];
  for (const { segment, from, to } of log.runs(log.span(position, limit, maxBytes))) {
    for (let slot = from; slot < to; slot += 1) {
      const [partitionKey, data, arrival] = [segment.keyAt(slot), segment.dataAt(slot), segment.arrivalAt(slot)];
      records.push({ position: segment.first + slot, partitionKey, data, arrival });
    }
  }
  return records;
}

function keysFrom(log: RecordLog, position: number, most = everything): string[] {
  return recordsFrom(log, position, most).map(({ partitionKey }) => partitionKey);
}

function filled(count: number, options: { readonly size?: number; readonly every?: number } = {}): RecordLog {
  const log = new RecordLog();
  for (let index = 0; index < count; index += 1) {
    log.append(`key-${index}`, Buffer.alloc(options.size ?? 10, index), 1_000 + index * (options.every ?? 1));
  }
  return log;
}

describe('a record log', () => {
  it('gives back keys, data and times as they came', () => {
    const log = new RecordLog();
    log.append('sensor', Buffer.from('one'), 5);
    log.append('Zürich ☃', new Uint8Array(), 6);
    const records = recordsFrom(log, 0);
    expect(
      records.map(({ position, partitionKey, data, arrival }) => [position, partitionKey, Buffer.from(data).toString(), arrival]),
    ).toEqual([
      [0, 'sensor', 'one', 5],
      [1, 'Zürich ☃', '', 6],
    ]);
  });

  it('keeps the data even when the writer uses its buffer again', () => {
    const log = new RecordLog();
    const buffer = Buffer.from('before');
    log.append('key', buffer, 1);
    buffer.write('after!');
    expect(recordsFrom(log, 0).map(({ data }) => Buffer.from(data).toString())).toEqual(['before']);
  });

  it('goes on over segments, in order and without gaps', () => {
    const log = filled(5_000, { size: 1_000 });
    expect(keysFrom(log, 0)).toEqual(Array.from({ length: 5_000 }, (_, index) => `key-${index}`));
    expect(keysFrom(log, 4_998)).toEqual(['key-4998', 'key-4999']);
  });

  it('takes a record that is larger than a segment', () => {
    const log = new RecordLog();
    const large = Buffer.alloc(10 * 1024 * 1024, 7);
    log.append('small', Buffer.from('x'), 1);
    log.append('large', large, 2);
    log.append('small', Buffer.from('y'), 3);
    expect(recordsFrom(log, 1, { ...everything, limit: 1 }).map(({ data }) => large.equals(data))).toEqual([true]);
    expect(keysFrom(log, 0)).toEqual(['small', 'large', 'small']);
  });

  it('reads no more records than it is asked for, and says where it stopped', () => {
    const log = filled(100);
    expect(log.span(10, 5, 1_000_000)).toEqual({ first: 10, next: 15, bytes: 80 });
    expect(keysFrom(log, 10, { limit: 2, maxBytes: 1_000_000 })).toEqual(['key-10', 'key-11']);
  });

  it('reads no more bytes than it is asked for, but one record at least', () => {
    const log = filled(10, { size: 95 });
    expect(keysFrom(log, 0, { limit: 10, maxBytes: 200 })).toEqual(['key-0', 'key-1']);
    expect(keysFrom(log, 0, { limit: 10, maxBytes: 1 })).toEqual(['key-0']);
  });

  it('reads nothing past the end', () => {
    const log = filled(3);
    expect(keysFrom(log, 3)).toEqual([]);
    expect(log.span(3, 10, 1000)).toEqual({ first: 3, next: 3, bytes: 0 });
  });

  it('finds the first record from a time on', () => {
    const log = filled(5_000, { size: 1_000, every: 10 });
    expect(log.positionFrom(0)).toBe(0);
    expect(log.positionFrom(1_000 + 4_321 * 10)).toBe(4_321);
    expect(log.positionFrom(1_000 + 4_321 * 10 + 1)).toBe(4_322);
    expect(log.positionFrom(10_000_000)).toBe(5_000);
  });

  it('does not let time run backwards', () => {
    const log = new RecordLog();
    log.append('a', Buffer.from('a'), 100);
    expect(log.append('b', Buffer.from('b'), 50)).toBe(100);
    expect(log.arrivalAt(1)).toBe(100);
  });

  it('keeps times that lie months apart', () => {
    const log = new RecordLog();
    const year = 365 * 24 * 3_600_000;
    log.append('a', Buffer.from('a'), 1_000);
    log.append('b', Buffer.from('b'), 1_000 + year);
    expect([log.arrivalAt(0), log.arrivalAt(1)]).toEqual([1_000, 1_000 + year]);
  });

  it('lets go of what is older than a time, and keeps the positions of the rest', () => {
    const log = filled(5_000, { size: 1_000 });
    log.trim(1_000 + 3_210);
    expect(log.first).toBe(3_210);
    expect(keysFrom(log, 0, { limit: 2, maxBytes: 1_000_000 })).toEqual(['key-3210', 'key-3211']);
    expect(keysFrom(log, 4_999)).toEqual(['key-4999']);
    expect(log.arrivalAt(3_209)).toBeUndefined();
  });

  it('gives back the memory of what it let go of', () => {
    const log = filled(5_000, { size: 1_000 });
    const before = log.size;
    log.trim(1_000 + 4_500);
    expect(log.size).toBeLessThan(before / 2);
    log.trim(10_000);
    expect(log.size).toBe(0);
    expect([log.first, log.next]).toEqual([5_000, 5_000]);
  });

  it('goes on after everything has been let go of', () => {
    const log = filled(10);
    log.trim(10_000);
    log.append('again', Buffer.from('x'), 20_000);
    expect(keysFrom(log, 0)).toEqual(['again']);
    expect(log.first).toBe(10);
  });

  it('takes little memory for few records, and little more than the bytes for many', () => {
    expect(filled(3).size).toBeLessThan(6_000);
    const count = 100_000;
    expect(filled(count, { size: 100 }).size).toBeLessThan(count * 135);
  });
});
