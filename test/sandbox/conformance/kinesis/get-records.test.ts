import { GetRecordsCommand, type GetRecordsInput, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { texts } from '../../../support/stream-use.ts';
import { atLeast, atMost, invalid, like, noLonger, noShorter, notNull, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function get(ShardIterator: string | undefined, settings: Partial<GetRecordsInput> = {}) {
  return kinesis.client.send(new GetRecordsCommand({ ShardIterator, ...settings }));
}

describe('GetRecords: serialization', () => {
  readsTypes(kinesis, 'GetRecords', {
    ShardIterator: 'a String',
    Limit: 'an Integer',
    StreamARN: 'a String',
    StreamId: 'a String',
    DryRun: 'a Boolean',
  });
});

describe('GetRecords: validation', () => {
  it('needs an iterator', async () => {
    expect(await failureOf(get(undefined))).toEqual(invalid(['shardIterator', null, notNull]));
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    const StreamARN = 'arn:aws:sqs:us-east-1:123456789012:queue';
    expect(await failureOf(get('', { Limit: 0, StreamARN }))).toEqual(
      invalid(['limit', '0', atLeast(1)], ['shardIterator', '', noShorter(1)], ['streamARN', StreamARN, like(streamArn)]),
    );
    const long = 'a'.repeat(513);
    expect(await failureOf(get(long, { Limit: 10_001 }))).toEqual(
      invalid(['limit', '10001', atMost(10_000)], ['shardIterator', long, noLonger(512)]),
    );
  });

  it('refuses what is no iterator', async () => {
    const genuine = Buffer.from(await kinesis.iterator(await kinesis.shared()), 'base64');
    const forged = Buffer.from(genuine);
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    for (const token of ['garbage', forged.toString('base64'), genuine.subarray(0, 40).toString('base64')]) {
      expect(await failureOf(get(token))).toEqual({ name: 'InvalidArgumentException', message: 'Invalid ShardIterator.' });
    }
  });

  it('refuses an iterator of one stream with the ARN of another', async () => {
    const iterator = await kinesis.iterator(await kinesis.shared());
    const StreamARN = kinesis.arn(await kinesis.shared(3));
    expect((await failureOf(get(iterator, { StreamARN }))).name).toBe('InvalidArgumentException');
  });

  it('says of what was only to be tried that it would have succeeded', async () => {
    const iterator = await kinesis.iterator(await kinesis.shared());
    expect((await failureOf(get(iterator, { DryRun: true }))).name).toBe('DryRunOperationException');
  });
});

describe('GetRecords: behaviour', () => {
  it('gives records with their number, key, data and time, and nothing of encryption', async () => {
    const StreamName = await kinesis.shared();
    const { SequenceNumber } = await kinesis.put(StreamName, 'hello', { PartitionKey: 'sensor-1' });
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber } as const;
    const iterator = await kinesis.iterator(StreamName, at);
    expect((await kinesis.records(iterator, 1))[0]).toEqual({
      SequenceNumber,
      PartitionKey: 'sensor-1',
      Data: new Uint8Array(Buffer.from('hello')),
      ApproximateArrivalTimestamp: expect.any(Date),
    });
    const { $metadata: _, ...answer } = await get(iterator, { StreamARN: kinesis.arn(StreamName) });
    expect(answer).toEqual({ Records: expect.any(Array), NextShardIterator: expect.any(String), MillisBehindLatest: expect.any(Number) });
  });

  it('goes on from the iterator that came with the last answer, and each iterator stays good', async () => {
    const StreamName = await kinesis.stream();
    const start = await kinesis.iterator(StreamName);
    for (const text of ['a', 'b', 'c']) await kinesis.put(StreamName, text);
    await kinesis.records(start, 3);
    const first = await get(start, { Limit: 2 });
    expect(texts(first)).toEqual(['a', 'b']);
    expect(first.MillisBehindLatest).toBeGreaterThan(0);
    const second = await get(first.NextShardIterator);
    expect(texts(second)).toEqual(['c']);
    expect(texts(await get(start, { Limit: 1 }))).toEqual(['a']);
    const third = await get(second.NextShardIterator);
    expect(third).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    expect(third.NextShardIterator).not.toBe(second.NextShardIterator);
  });

  it('sees from LATEST only what is put after the iterator', async () => {
    const StreamName = await kinesis.shared();
    await kinesis.put(StreamName, 'missed');
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    await kinesis.put(StreamName, 'seen');
    expect(texts({ Records: await kinesis.records(latest, 1) })).toEqual(['seen']);
  });

  it('takes an iterator in extra quotes', async () => {
    expect(await get(`"${await kinesis.iterator(await kinesis.shared())}"`)).toHaveProperty('NextShardIterator');
  });

  it('gives as many records as the limit says', async () => {
    const StreamName = await kinesis.stream();
    const Records = Array(500).fill({ PartitionKey: 'a', Data: Buffer.from('x') });
    await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
    const start = await kinesis.iterator(StreamName);
    await kinesis.records(start, 500);
    expect((await get(start, { Limit: 499 })).Records).toHaveLength(499);
    expect((await get(start, { Limit: 10_000 })).Records).toHaveLength(500);
  });
});
