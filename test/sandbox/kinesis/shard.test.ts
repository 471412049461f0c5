import { describe, expect, it } from 'vitest';
import { highestHashKey } from '../../../src/sandbox/kinesis/hash-key.ts';
import { parseSequenceNumber } from '../../../src/sandbox/kinesis/sequence-number.ts';
import { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { manualClock } from '../../support/manual-clock.ts';

const hour = 3_600_000;
const all = { limit: 10_000, maxBytes: 10 * 1024 * 1024 };

function newShard(index = 0) {
  const clock = manualClock();
  const home = { clock, retentionMs: 24 * hour, shardLimits: true };
  return { clock, home, shard: new Shard(home, index, { start: 0n, end: highestHashKey }, clock.now() - 2_000) };
}

function put(shard: Shard, ...texts: readonly string[]): string[] {
  return texts.map((text) => shard.append('key', Buffer.from(text)) ?? 'over the limits');
}

function texts(shard: Shard, position: number): string[] {
  return shard.read(position, all).records.map((record) => Buffer.from(record.data).toString());
}

describe('the sequence numbers of a shard', () => {
  it('increase from its starting number to its ending number', () => {
    const { shard, clock } = newShard(17);
    const numbers = [shard.startingSequenceNumber, ...put(shard, 'a', 'b', 'c')];
    shard.close(clock.now());
    numbers.push(shard.endingSequenceNumber ?? '');
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(5);
    expect(numbers.map((number) => parseSequenceNumber(number)?.shardIndex)).toEqual([17, 17, 17, 17, 17]);
  });

  it('are the same when the record is read', async () => {
    const { shard, clock } = newShard();
    const first = put(shard, 'a');
    await clock.advance(61_000);
    const written = [...first, ...put(shard, 'b')];
    expect(shard.read(0, all).records.map((record) => record.sequenceNumber)).toEqual(written);
  });

  it('tell whose they are', () => {
    const { shard, home, clock } = newShard(1);
    const [own = ''] = put(shard, 'a');
    expect(shard.owns(own)).toBe(true);
    expect(new Shard(home, 2, shard.range, shard.createdAt).owns(own)).toBe(false);
    expect(new Shard(home, 1, shard.range, clock.now()).owns(own)).toBe(false);
    expect(shard.owns('0')).toBe(false);
  });
});

describe('the positions of a shard', () => {
  it('are at and after a sequence number', () => {
    const { shard } = newShard();
    const [, second = '', third = ''] = put(shard, 'a', 'b', 'c');
    expect(texts(shard, shard.at(second))).toEqual(['b', 'c']);
    expect(texts(shard, shard.after(second))).toEqual(['c']);
    expect(texts(shard, shard.after(third))).toEqual([]);
  });

  it('at and after the starting number are the first record', () => {
    const { shard } = newShard();
    put(shard, 'a');
    expect(texts(shard, shard.at(shard.startingSequenceNumber))).toEqual(['a']);
    expect(texts(shard, shard.after(shard.startingSequenceNumber))).toEqual(['a']);
  });

  it('at the oldest record and after the newest one', () => {
    const { shard } = newShard();
    put(shard, 'a', 'b');
    const latest = shard.latest();
    put(shard, 'c');
    expect(texts(shard, shard.trimHorizon())).toEqual(['a', 'b', 'c']);
    expect(texts(shard, latest)).toEqual(['c']);
  });

  it('at a time are the first record from then on', async () => {
    const { shard, clock } = newShard();
    put(shard, 'a');
    await clock.advance(1_000);
    const between = clock.now();
    await clock.advance(1_000);
    put(shard, 'b');
    expect(texts(shard, shard.atTimestamp(0))).toEqual(['a', 'b']);
    expect(texts(shard, shard.atTimestamp(between))).toEqual(['b']);
    expect(texts(shard, shard.atTimestamp(clock.now() + 1))).toEqual([]);
  });
});

describe('reading a shard', () => {
  it('goes on where it stopped, and says how far behind it is', async () => {
    const { shard, clock } = newShard();
    put(shard, 'a', 'b', 'c');
    await clock.advance(1_500);
    const first = shard.read(shard.trimHorizon(), { limit: 2, maxBytes: 1_000 });
    expect(first).toMatchObject({ millisBehindLatest: 1_500, atEnd: false });
    expect(shard.read(first.next, all)).toMatchObject({ millisBehindLatest: 0, atEnd: false, records: [{ partitionKey: 'key' }] });
  });

  it('has no end while the shard is open, and one once it is closed', () => {
    const { shard, clock } = newShard();
    put(shard, 'a');
    expect(shard.read(0, all).atEnd).toBe(false);
    shard.close(clock.now());
    expect(shard.read(0, all)).toMatchObject({ atEnd: true, next: 1 });
    expect(shard.read(shard.after(shard.endingSequenceNumber ?? ''), all).atEnd).toBe(true);
  });
});

describe('the retention of a shard', () => {
  it('lets records expire, and a reader who was there goes on with the oldest one left', async () => {
    const { shard, clock } = newShard();
    put(shard, 'a');
    await clock.advance(hour);
    put(shard, 'b');
    await clock.advance(23 * hour);
    expect(texts(shard, 0)).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(texts(shard, 0)).toEqual(['b']);
    expect(shard.trimHorizon()).toBe(1);
  });

  it('keeps a closed shard until its last record may have expired', async () => {
    const { shard, clock } = newShard();
    put(shard, 'a');
    shard.close(clock.now());
    await clock.advance(24 * hour);
    expect(shard.expired).toBe(false);
    await clock.advance(1);
    expect(shard.expired).toBe(true);
  });
});

describe('waiting for the next put', () => {
  it('ends with the put', async () => {
    const { shard } = newShard();
    const waiting = shard.nextAppend();
    put(shard, 'a');
    await waiting;
    expect(texts(shard, 0)).toEqual(['a']);
  });

  it('ends when the shard closes', async () => {
    const { shard, clock } = newShard();
    const waiting = shard.nextAppend();
    shard.close(clock.now());
    await waiting;
    expect(shard.closed).toBe(true);
  });

  it('ends with the reason of a signal, and nobody listens any more', async () => {
    const { shard } = newShard();
    const stop = new AbortController();
    const waiting = shard.nextAppend(stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(shard.nextAppend(stop.signal)).rejects.toThrow('enough');
  });
});
