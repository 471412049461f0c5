import { describe, expect, it } from 'vitest';
import { highestHashKey } from '../../../src/sandbox/kinesis/hash-key.ts';
import type { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { Stream } from '../../../src/sandbox/kinesis/stream.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';

const hour = 3_600_000;
const all = { limit: 10_000, maxBytes: 10 * 1024 * 1024 };
const data = Buffer.from('x');

function activeStream(shardCount: number, clock: ManualClock = manualClock()) {
  const settings = { name: 'orders', mode: 'PROVISIONED', shardCount, maxRecordKiB: 1024, tags: {} } as const;
  const stream = new Stream({ account: '000000000000', region: 'eu-west-1' }, { clock, shardLimits: true }, settings);
  stream.activate();
  return { stream, clock };
}

function shardAt(stream: Stream, index: number): Shard {
  const shard = stream.shard(index);
  if (shard === undefined) throw new Error(`There is no shard ${index}.`);
  return shard;
}

describe('a stream', () => {
  it.each([
    ['1', [0, 1, 2, 3]],
    ['geolocation', [0, 1, 2, 2]],
    ['sensor-1', [0, 1, 2, 3]],
    ['test', [0, 0, 0, 0]],
  ])('of one, two, three and four shards puts key %s into shards %j', (partitionKey, expected) => {
    const indexes = [1, 2, 3, 4].map((count) => activeStream(count).stream.append({ partitionKey, data }).shard.index);
    expect(indexes).toEqual(expected);
  });

  it('puts a record with an explicit hash key where that key belongs, at both ends of a range', () => {
    const { stream } = activeStream(3);
    const boundary = 113427455640312821154458202477256070485n;
    const indexes = [0n, boundary - 1n, boundary, highestHashKey].map(
      (explicitHashKey) => stream.append({ partitionKey: 'a', explicitHashKey, data }).shard.index,
    );
    expect(indexes).toEqual([0, 0, 1, 2]);
  });

  it('has no shards until it is active', () => {
    const settings = { name: 'orders', mode: 'PROVISIONED', shardCount: 2, maxRecordKiB: 1024, tags: {} } as const;
    const stream = new Stream({ account: '000000000000', region: 'eu-west-1' }, { clock: manualClock(), shardLimits: true }, settings);
    expect([stream.status, stream.shards.length]).toEqual(['CREATING', 0]);
    stream.activate();
    expect([stream.status, stream.shards.length]).toEqual(['ACTIVE', 2]);
  });

  it('is named by its ARN', () => {
    expect(activeStream(1).stream.arn).toBe('arn:aws:kinesis:eu-west-1:000000000000:stream/orders');
  });
});

describe('splitting a shard', () => {
  it('closes it and opens two, the lower one first', () => {
    const { stream } = activeStream(1);
    stream.split(shardAt(stream, 0), 1000n);
    expect(stream.shards.map(({ id, closed, parents, range }) => ({ id, closed, parents, range }))).toEqual([
      { id: 'shardId-000000000000', closed: true, parents: {}, range: { start: 0n, end: highestHashKey } },
      { id: 'shardId-000000000001', closed: false, parents: { parent: 'shardId-000000000000' }, range: { start: 0n, end: 999n } },
      {
        id: 'shardId-000000000002',
        closed: false,
        parents: { parent: 'shardId-000000000000' },
        range: { start: 1000n, end: highestHashKey },
      },
    ]);
  });

  it('sends later records to the children, and the parent stays readable', () => {
    const { stream } = activeStream(1);
    const parent = shardAt(stream, 0);
    stream.append({ partitionKey: 'a', explicitHashKey: 5n, data });
    stream.split(parent, 1000n);
    expect(stream.append({ partitionKey: 'a', explicitHashKey: 999n, data }).shard.index).toBe(1);
    expect(stream.append({ partitionKey: 'a', explicitHashKey: 1000n, data }).shard.index).toBe(2);
    expect(parent.read(0, all)).toMatchObject({ records: [{ partitionKey: 'a' }], atEnd: true });
    expect(stream.childrenOf(parent).map((shard) => shard.index)).toEqual([1, 2]);
  });

  it('gives numbers to the children that are larger than those of the parent', () => {
    const { stream } = activeStream(1);
    const parent = shardAt(stream, 0);
    const append = () => BigInt(stream.append({ partitionKey: 'a', data }).sequenceNumber ?? 0);
    const before = append();
    stream.split(parent, 1000n);
    expect(append()).toBeGreaterThan(before);
    expect(before).toBeGreaterThan(0n);
  });
});

describe('merging two shards', () => {
  it('closes both and opens one with both ranges', () => {
    const { stream } = activeStream(2);
    stream.merge(shardAt(stream, 0), shardAt(stream, 1));
    const [merged] = stream.openShards;
    expect(merged?.range).toEqual({ start: 0n, end: highestHashKey });
    expect(merged?.parents).toEqual({ parent: 'shardId-000000000000', adjacentParent: 'shardId-000000000001' });
    expect(stream.childrenOf(shardAt(stream, 1))).toEqual([merged]);
  });
});

describe('scaling a stream', () => {
  it.each([
    [2, 4, 6],
    [4, 5, 15],
    [10, 13, 37],
    [4, 2, 6],
    [5, 3, 7],
  ])('from %i open shards to %i leaves %i shards in all, the closed ones included', (before, after, ever) => {
    const { stream } = activeStream(before);
    stream.rescale(after);
    expect([stream.openShards.length, stream.shards.length]).toEqual([after, ever]);
    const [first, ...others] = stream.openShards;
    expect(first?.range.start).toBe(0n);
    for (const [at, { range }] of others.entries()) expect(range.start).toBe((stream.openShards[at]?.range.end ?? 0n) + 1n);
    expect(stream.openShards.at(-1)?.range.end).toBe(highestHashKey);
  });

  it('comes as near to equal parts as merging alone can', () => {
    const { stream } = activeStream(5);
    const fifths = stream.openShards.map(({ range }) => range.start);
    stream.rescale(3);
    expect(stream.openShards.map(({ range }) => range.start)).toEqual([0n, fifths[2], fifths[3]]);
  });

  it('goes on where shards were split by hand', () => {
    const { stream } = activeStream(1);
    stream.split(shardAt(stream, 0), 1n);
    stream.rescale(4);
    expect(stream.openShards).toHaveLength(4);
    stream.rescale(2);
    expect(stream.openShards.map(({ range }) => range.start)).toEqual([0n, 2n ** 127n]);
  });
});

describe('a closed shard', () => {
  it('disappears from the stream when its records have expired', async () => {
    const { stream, clock } = activeStream(1);
    stream.split(shardAt(stream, 0), 1000n);
    await clock.advance(24 * hour + 1_001);
    expect(stream.shards.map((shard) => shard.index)).toEqual([1, 2]);
  });
});

describe('a longer retention', () => {
  it('keeps what is still there, and brings nothing back that has expired', async () => {
    const { stream, clock } = activeStream(1);
    stream.append({ partitionKey: 'expired', data });
    await clock.advance(hour);
    stream.append({ partitionKey: 'kept', data });
    await clock.advance(23 * hour + 1);
    stream.retentionHours = 48;
    await clock.advance(20 * hour);
    expect(
      shardAt(stream, 0)
        .read(0, all)
        .records.map((record) => record.partitionKey),
    ).toEqual(['kept']);
  });
});
