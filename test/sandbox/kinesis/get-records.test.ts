import { DescribeStreamCommand, GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

const kinesis = kinesisSandbox();
const swift = kinesisSandbox({ virtualTime: true });
const hour = 3_600_000;

async function put(StreamName: string, text: string, of = kinesis): Promise<void> {
  await of.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text) }));
}

function records(ShardIterator: string | undefined, settings: { readonly Limit?: number; readonly StreamARN?: string } = {}) {
  return kinesis.client.send(new GetRecordsCommand({ ShardIterator, ...settings }));
}

describe('GetRecords refuses', () => {
  it('a request without an iterator, and values that break their constraints', async () => {
    expect((await failureOf(records(undefined))).message).toBe(
      "1 validation error detected: Value null at 'shardIterator' failed to satisfy constraint: Member must not be null",
    );
    expect((await failureOf(records('', { Limit: 0 }))).message).toBe(
      "2 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '' at 'shardIterator' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    const long = 'a'.repeat(513);
    expect((await failureOf(records(long, { Limit: 10_001 }))).message).toBe(
      "2 validation errors detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000; " +
        `Value '${long}' at 'shardIterator' failed to satisfy constraint: Member must have length less than or equal to 512`,
    );
  });

  it('what is no iterator', async () => {
    const invalid = { name: 'InvalidArgumentException', message: 'Invalid ShardIterator.' };
    const genuine = Buffer.from(await kinesis.iterator(await kinesis.stream()), 'base64');
    const forged = Buffer.from(genuine);
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    expect(await failureOf(records('garbage'))).toEqual(invalid);
    expect(await failureOf(records(forged.toString('base64')))).toEqual(invalid);
    expect(await failureOf(records(genuine.subarray(0, 40).toString('base64')))).toEqual(invalid);
  });

  it('the iterator of another sandbox', async () => {
    const elsewhere = await swift.iterator(await swift.stream());
    expect((await failureOf(records(elsewhere))).message).toBe('Invalid ShardIterator.');
  });

  it('an iterator of one stream with the ARN of another', async () => {
    const ShardIterator = await kinesis.iterator(await kinesis.stream());
    const StreamARN = kinesis.arn(await kinesis.stream());
    expect((await failureOf(records(ShardIterator, { StreamARN }))).name).toBe('InvalidArgumentException');
  });

  it('an iterator that is more than five minutes old', async () => {
    const ShardIterator = await swift.iterator(await swift.stream());
    await swift.sandbox.clock.sleep(299_000);
    expect((await swift.client.send(new GetRecordsCommand({ ShardIterator }))).Records).toEqual([]);
    await swift.sandbox.clock.sleep(2_000);
    const time = /[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4}/.source;
    const { name, message } = await failureOf(swift.client.send(new GetRecordsCommand({ ShardIterator })));
    expect(name).toBe('ExpiredIteratorException');
    expect(message).toMatch(
      new RegExp(
        `^Iterator expired\\. The iterator was created at time ${time} while right now it is ${time} which is further in the future than the tolerated delay of 300000 milliseconds\\.$`,
      ),
    );
  });
});

describe('GetRecords', () => {
  it('gives records with their number, key, data and time, and nothing of encryption', async () => {
    const StreamName = await kinesis.stream();
    const before = Date.now();
    const { SequenceNumber } = await kinesis.client.send(
      new PutRecordCommand({ StreamName, PartitionKey: 'sensor-1', Data: Buffer.from('hello') }),
    );
    const { $metadata: _, ...answer } = await kinesis.read(StreamName);
    expect(answer).toEqual({
      Records: [
        {
          SequenceNumber,
          PartitionKey: 'sensor-1',
          Data: new Uint8Array(Buffer.from('hello')),
          ApproximateArrivalTimestamp: expect.any(Date),
        },
      ],
      NextShardIterator: expect.any(String),
      MillisBehindLatest: 0,
    });
    expect(answer.Records?.[0]?.ApproximateArrivalTimestamp?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('goes on from the iterator that came with the last answer, and each iterator stays good', async () => {
    const StreamName = await kinesis.stream();
    for (const text of ['a', 'b', 'c']) await put(StreamName, text);
    const start = await kinesis.iterator(StreamName);
    const first = await records(start, { Limit: 2 });
    expect(texts(first)).toEqual(['a', 'b']);
    expect(first.MillisBehindLatest).toBeGreaterThan(0);
    const second = await records(first.NextShardIterator);
    expect(texts(second)).toEqual(['c']);
    expect(texts(await records(start, { Limit: 1 }))).toEqual(['a']);
    expect(texts(await records(second.NextShardIterator))).toEqual([]);
  });

  it('sees from LATEST only what is put after the iterator', async () => {
    const StreamName = await kinesis.stream();
    await put(StreamName, 'missed');
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    await put(StreamName, 'seen');
    expect(texts(await records(latest))).toEqual(['seen']);
  });

  it('takes an iterator in extra quotes', async () => {
    const StreamName = await kinesis.stream();
    await put(StreamName, 'a');
    expect(texts(await records(`"${await kinesis.iterator(StreamName)}"`))).toEqual(['a']);
  });

  it('gives at most 10 MiB at once', async () => {
    const StreamName = await kinesis.stream();
    const megabyte = { PartitionKey: 'a', Data: Buffer.alloc(1_000_000) };
    for (let count = 0; count < 3; count += 1) {
      await kinesis.client.send(new PutRecordsCommand({ StreamName, Records: Array(4).fill(megabyte) }));
    }
    const first = await kinesis.read(StreamName);
    expect(first.Records).toHaveLength(10);
    expect((await records(first.NextShardIterator)).Records).toHaveLength(2);
  });

  it('gives at most 10,000 records at once', async () => {
    const StreamName = await kinesis.stream();
    const batch = Array(500).fill({ PartitionKey: 'a', Data: Buffer.from('x') });
    for (let count = 0; count < 21; count += 1) {
      await kinesis.client.send(new PutRecordsCommand({ StreamName, Records: batch }));
    }
    const first = await kinesis.read(StreamName);
    expect(first.Records).toHaveLength(10_000);
    expect((await records(first.NextShardIterator)).Records).toHaveLength(500);
  });

  it('gives no records that are older than the retention', async () => {
    const StreamName = await swift.stream();
    await put(StreamName, 'old', swift);
    await swift.sandbox.clock.sleep(23 * hour);
    await put(StreamName, 'young', swift);
    expect(texts(await swift.read(StreamName))).toEqual(['old', 'young']);
    await swift.sandbox.clock.sleep(2 * hour);
    expect(texts(await swift.read(StreamName))).toEqual(['young']);
    expect(texts(await swift.read(StreamName, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) }))).toEqual(['young']);
    const { StreamDescription } = await swift.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('ACTIVE');
  });

  it('says how many milliseconds the reader is behind', async () => {
    const StreamName = await swift.stream();
    await put(StreamName, 'a', swift);
    await put(StreamName, 'b', swift);
    await swift.sandbox.clock.sleep(60_000);
    const ShardIterator = await swift.iterator(StreamName);
    const { MillisBehindLatest = 0 } = await swift.client.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    expect(MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
    expect(MillisBehindLatest).toBeLessThan(70_000);
  });
});
