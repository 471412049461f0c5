import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { highestHashKey } from '../../../src/sandbox/kinesis/hash-key.ts';
import { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { manualClock } from '../../support/manual-clock.ts';

const all = { limit: 10_000, maxBytes: 10 * 1024 * 1024 };

function newShard() {
  const clock = manualClock();
  const home = { clock, retentionMs: 24 * 3_600_000, shardLimits: false };
  return { clock, shard: new Shard(home, 0, { start: 0n, end: highestHashKey }, clock.now() - 2_000) };
}

/** What the text of a page says, and what the same page is as objects. */
function pages(shard: Shard, position = 0, encrypted: (arrival: number) => boolean = () => false) {
  const { records: text, ...page } = shard.readText(position, all, encrypted);
  const { records, ...samePage } = shard.read(position, all);
  expect(page).toEqual(samePage);
  const expected = records.map(({ sequenceNumber, arrival, data, partitionKey }) => ({
    SequenceNumber: sequenceNumber,
    ApproximateArrivalTimestamp: arrival / 1000,
    Data: Buffer.from(data).toString('base64'),
    PartitionKey: partitionKey,
    ...(encrypted(arrival) ? { EncryptionType: 'KMS' } : {}),
  }));
  const pieces = [...text];
  const whole = Buffer.concat(pieces);
  expect(whole.byteLength).toBe(text.byteLength);
  return { text: whole.toString('utf8'), pieces, expected };
}

describe('the text of a page of records', () => {
  it('is that of its records as objects, with data of any length', () => {
    const { shard } = newShard();
    for (const size of [0, 1, 2, 3, 4, 5, 100, 298, 299, 300, 301, 302, 303, 70_000]) {
      shard.append(
        `of-${size}`,
        Uint8Array.from({ length: size }, (_, index) => (index * 7 + size) % 256),
      );
    }
    const { text, expected } = pages(shard);
    expect(text).toBe(JSON.stringify(expected));
  });

  it('is that of its records with every key that a client can send', () => {
    const { shard } = newShard();
    for (const key of [
      '"',
      '\\',
      'a"b\\c',
      '\u0000\u0001\u001f\n\t',
      '\u007f\u2028\u2029',
      'Zürich ☃',
      '🦝'.repeat(256),
      '\u001f'.repeat(256),
    ]) {
      shard.append(key, Buffer.from('x'));
    }
    const { text, expected } = pages(shard);
    expect(text).toBe(JSON.stringify(expected));
  });

  it('counts sequence numbers up as they were given out, over carries, seconds and segments', async () => {
    const { clock, shard } = newShard();
    const given: (string | undefined)[] = [];
    for (let index = 0; index < 4_000; index += 1) {
      if (index % 1_337 === 0) await clock.advance(index % 2 === 0 ? 1 : 1_000);
      given.push(shard.append(String(index), Buffer.alloc(300)));
    }
    for (const position of [0, 9, 3_999]) {
      const { text, expected } = pages(shard, position);
      expect(text).toBe(JSON.stringify(expected));
      expect(expected.map(({ SequenceNumber }) => SequenceNumber)).toEqual(given.slice(position));
    }
  });

  it('says of each record whether it was encrypted', async () => {
    const { clock, shard } = newShard();
    for (const key of ['a', 'b', 'c']) {
      shard.append(key, Buffer.from(key));
      await clock.advance(10);
    }
    const [, second] = shard.read(0, all).records;
    const { text, expected } = pages(shard, 0, (arrival) => arrival === second?.arrival);
    expect(text).toBe(JSON.stringify(expected));
    expect(text.match(/"EncryptionType":"KMS"/g)).toHaveLength(1);
  });

  it('comes in pieces that take little time each, however large the records are, and is the same when it is made again', () => {
    const { shard } = newShard();
    for (const size of [196_608, 196_609, 1_000_000, 1, 300_000]) shard.append(`of-${size}`, randomBytes(size));
    for (let index = 0; index < 2_000; index += 1) shard.append(`key "${index}"`, randomBytes(index));
    const { text, pieces, expected } = pages(shard);
    expect(text).toBe(JSON.stringify(expected));
    expect(Math.max(...pieces.map(({ byteLength }) => byteLength))).toBeLessThan(270_000);
    expect(Math.min(...pieces.map(({ byteLength }) => byteLength))).toBeGreaterThan(0);
    expect(pages(shard).text).toBe(text);
  });

  it('is that of the records that were there when they were read, even if they are gone when it is made', () => {
    const { shard } = newShard();
    for (let index = 0; index < 1_000; index += 1) shard.append(String(index), randomBytes(1_000));
    const { records } = shard.readText(0, all, () => false);
    const { expected } = pages(shard);
    shard.append('later', Buffer.from('x'));
    shard.delete();
    expect(Buffer.concat([...records]).toString()).toBe(JSON.stringify(expected));
  });

  it('is an empty list where there is nothing', () => {
    expect(pages(newShard().shard).text).toBe('[]');
  });
});
