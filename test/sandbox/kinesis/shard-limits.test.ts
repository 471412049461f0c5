import {
  CreateStreamCommand,
  type CreateStreamInput,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { ShardLimits } from '../../../src/sandbox/kinesis/shard-limits.ts';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** Nothing is refilled between the calls of a test unless it says so. */
const clock = manualClock();
const kinesis = kinesisSandbox({ clock, shardLimits: true });
const megabyte = 1_048_576;
/** Explicit hash keys of the two shards of a stream. */
const [lower, upper] = ['0', String(2n ** 127n)];

async function newStream(settings: Partial<CreateStreamInput> = { ShardCount: 1 }): Promise<string> {
  const StreamName = kinesis.newName();
  await kinesis.client.send(new CreateStreamCommand({ StreamName, ...settings }));
  await clock.advance(1_000);
  return StreamName;
}

function put(StreamName: string, bytes = 1, ExplicitHashKey?: string) {
  return kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(bytes), ExplicitHashKey }));
}

/** Puts records of one byte of data and a partition key of one byte, and all shards' records alike. */
async function putMany(StreamName: string, count: number, hashKeys: readonly string[] = [lower]) {
  const Records = Array.from({ length: count }, (_, index) => ({
    PartitionKey: 'k',
    Data: Buffer.from('x'),
    ExplicitHashKey: hashKeys[index % hashKeys.length],
  }));
  return kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
}

/** Fills a stream with so many MiB of data, at the speed that it takes. */
async function fill(StreamName: string, megabytes: number): Promise<void> {
  for (let count = 0; count < megabytes; count += 1) {
    await put(StreamName, megabyte - 1);
    await clock.advance(1_000);
  }
}

function read(ShardIterator: string | undefined, Limit?: number) {
  return kinesis.client.send(new GetRecordsCommand({ ShardIterator, Limit }));
}

function exceeded(StreamName: string, shard = 'shardId-000000000000') {
  return {
    name: 'ProvisionedThroughputExceededException',
    message: `Rate exceeded for shard ${shard} in stream ${StreamName} under account 000000000000.`,
  };
}

describe('A shard takes', () => {
  it('1000 records a second, and refuses the next one by name', async () => {
    const stream = await newStream();
    await putMany(stream, 500);
    await putMany(stream, 500);
    expect(await failureOf(put(stream))).toEqual(exceeded(stream));
    await clock.advance(1);
    await put(stream);
    expect(await failureOf(put(stream))).toEqual(exceeded(stream));
    await clock.advance(60_000);
    await putMany(stream, 500);
    expect((await putMany(stream, 500)).FailedRecordCount).toBe(0);
    expect((await putMany(stream, 1)).FailedRecordCount).toBe(1);
  });

  it('1 MiB a second, partition keys included', async () => {
    const stream = await newStream();
    await put(stream, megabyte / 2 - 1);
    expect(await failureOf(put(stream, megabyte / 2))).toEqual(exceeded(stream));
    await put(stream, megabyte / 2 - 1);
    expect(await failureOf(put(stream, 10))).toEqual(exceeded(stream));
    await clock.advance(1_000);
    await put(stream, megabyte - 1);
  });

  it('a record of up to 10 MiB where the stream allows it, and then nothing until it has made up for it', async () => {
    const stream = await newStream({ ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
    await put(stream, 5 * megabyte - 1);
    await clock.advance(3_999);
    expect(await failureOf(put(stream))).toEqual(exceeded(stream));
    await clock.advance(10);
    await put(stream);
  });

  it('what it takes whatever other shards have taken', async () => {
    const stream = await newStream({ ShardCount: 2 });
    await put(stream, megabyte - 1, lower);
    expect(await failureOf(put(stream, 1, lower))).toEqual(exceeded(stream));
    await put(stream, megabyte - 1, upper);
    expect(await failureOf(put(stream, 1, upper))).toEqual(exceeded(stream, 'shardId-000000000001'));
  });

  it('no less after a split: each of the new shards takes as much', async () => {
    const stream = await newStream();
    await put(stream, megabyte - 1);
    await kinesis.client.send(
      new SplitShardCommand({ StreamName: stream, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: upper }),
    );
    await clock.advance(10);
    await put(stream, megabyte - 1, lower);
    await put(stream, megabyte - 1, upper);
  });

  it('no more on demand: such a stream has four shards', async () => {
    const stream = await newStream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    for (const quarter of [0n, 1n, 2n, 3n]) await put(stream, megabyte - 1, String(quarter * 2n ** 126n));
    expect(await failureOf(put(stream, 1, String(3n * 2n ** 126n)))).toEqual(exceeded(stream, 'shardId-000000000003'));
  });
});

describe('PutRecords', () => {
  it('puts the records that their shards take, and answers for each of the others with the error', async () => {
    const stream = await newStream({ ShardCount: 2 });
    await put(stream, megabyte - 3, lower);
    const { FailedRecordCount, Records = [] } = await putMany(stream, 4, [lower, upper]);
    expect(FailedRecordCount).toBe(1);
    const { name: ErrorCode, message: ErrorMessage } = exceeded(stream);
    const done = (ShardId: string) => ({ ShardId, SequenceNumber: expect.stringMatching(/^\d{56}$/) });
    expect(Records).toEqual([
      done('shardId-000000000000'),
      done('shardId-000000000001'),
      { ErrorCode, ErrorMessage },
      done('shardId-000000000001'),
    ]);
    const { ShardIterator } = await kinesis.client.send(
      new GetShardIteratorCommand({ StreamName: stream, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }),
    );
    expect((await read(ShardIterator)).Records).toHaveLength(2);
  });

  it('answers 200 even when no record was put', async () => {
    const stream = await newStream();
    await put(stream, megabyte - 1);
    const { FailedRecordCount, $metadata } = await putMany(stream, 3);
    expect([FailedRecordCount, $metadata.httpStatusCode]).toEqual([3, 200]);
  });
});

describe('A shard can be read', () => {
  it('five times a second, by all readers together, whether there are records or not', async () => {
    const stream = await newStream();
    const iterators = [await kinesis.iterator(stream), await kinesis.iterator(stream)];
    for (let count = 0; count < 5; count += 1) expect((await read(iterators[count % 2])).Records).toEqual([]);
    for (const iterator of iterators) expect(await failureOf(read(iterator))).toEqual(exceeded(stream));
    await clock.advance(200);
    await read(iterators[0]);
    expect(await failureOf(read(iterators[1]))).toEqual(exceeded(stream));
  });

  it('at 2 MiB a second: once they are used up, not for a second', async () => {
    const stream = await newStream();
    await fill(stream, 3);
    const first = await read(await kinesis.iterator(stream), 1);
    const second = await read(first.NextShardIterator, 1);
    expect(await failureOf(read(second.NextShardIterator))).toEqual(exceeded(stream));
    await clock.advance(999);
    expect(await failureOf(read(second.NextShardIterator))).toEqual(exceeded(stream));
    await clock.advance(1);
    expect((await read(second.NextShardIterator)).Records).toHaveLength(1);
  });

  it('not for five seconds after an answer of 10 MiB', async () => {
    const stream = await newStream();
    await fill(stream, 11);
    const { Records, NextShardIterator } = await read(await kinesis.iterator(stream));
    expect(Records).toHaveLength(10);
    await clock.advance(4_999);
    expect(await failureOf(read(NextShardIterator))).toEqual(exceeded(stream));
    await clock.advance(1);
    expect((await read(NextShardIterator)).Records).toHaveLength(1);
  });

  it('with an iterator, which can be had five times a second', async () => {
    const stream = await newStream({ ShardCount: 2 });
    for (let count = 0; count < 5; count += 1) await kinesis.iterator(stream);
    expect(await failureOf(kinesis.iterator(stream))).toEqual(exceeded(stream));
    await kinesis.iterator(stream, { ShardId: 'shardId-000000000001' });
    await clock.advance(200);
    await kinesis.iterator(stream);
  });
});

describe('Services that poll a shard', () => {
  it('take one call a second each from everybody else, but never the last one', async () => {
    const limits = new ShardLimits(clock);
    const answered = async () => {
      await clock.advance(1_000);
      return Array.from({ length: 10 }, () => limits.admitRead()).filter(Boolean).length;
    };
    const leave = Array.from({ length: 7 }, () => limits.addPoller());
    expect(await answered()).toBe(1);
    for (const each of leave.slice(0, 4)) each();
    expect(await answered()).toBe(2);
    for (const each of leave.slice(4)) each();
    expect(await answered()).toBe(5);
  });
});

/** By the machine's time, and with the limits that a sandbox has when nothing is said about them. */
const byDefault = kinesisSandbox({}, {});
const unlimited = kinesisSandbox({ shardLimits: false });

describe('The limits of a shard', () => {
  it('are on by default, and a client that tries again gets through', async () => {
    const { endpoint, region, credentials } = byDefault.sandbox;
    const patient = new KinesisClient({ endpoint, region, credentials, maxAttempts: 20 });
    const stream = await byDefault.stream();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => byDefault.iterator(stream)));
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason] : []));
    expect(refused[0]).toMatchObject(exceeded(stream));
    await patient.send(new GetShardIteratorCommand({ StreamName: stream, ShardId: '0', ShardIteratorType: 'LATEST' }));
    patient.destroy();
  });

  it('can be turned off', async () => {
    const stream = await unlimited.stream();
    const large = new PutRecordCommand({ StreamName: stream, PartitionKey: 'k', Data: Buffer.alloc(megabyte - 1) });
    for (let count = 0; count < 3; count += 1) await unlimited.client.send(large);
    for (let count = 0; count < 10; count += 1) await unlimited.read(stream);
  });
});
