import { PutRecordCommand, type PutRecordInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { texts } from '../../../support/stream-use.ts';
import { emptyName, hashKey, invalid, like, noLonger, noShorter, notNull, sequenceNumber, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const data = Buffer.from('hello');

function put(input: Partial<PutRecordInput>) {
  return kinesis.client.send(new PutRecordCommand({ PartitionKey: 'a', Data: data, ...input }));
}

function failure(input: Partial<PutRecordInput>) {
  return failureOf(put(input));
}

describe('PutRecord: serialization', () => {
  readsTypes(kinesis, 'PutRecord', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    PartitionKey: 'a String',
    ExplicitHashKey: 'a String',
    SequenceNumberForOrdering: 'a String',
    Data: 'a Blob',
    DryRun: 'a Boolean',
  });
});

describe('PutRecord: validation', () => {
  it('needs a partition key and data', async () => {
    expect(await failure({ PartitionKey: undefined, Data: undefined })).toEqual(
      invalid(['partitionKey', null, notNull], ['data', null, notNull]),
    );
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failure({ StreamName: '', PartitionKey: '', ExplicitHashKey: '', SequenceNumberForOrdering: '' })).toEqual(
      invalid(
        ['sequenceNumberForOrdering', '', like(sequenceNumber)],
        ['partitionKey', '', noShorter(1)],
        ['explicitHashKey', '', like(hashKey)],
        ...emptyName('streamName'),
      ),
    );
  });

  it('takes decimal numbers without leading zeros, and ARNs of streams', async () => {
    const numbers = { ExplicitHashKey: '01', SequenceNumberForOrdering: '1e3' };
    expect(await failure({ ...numbers, StreamARN: 'arn:aws:sqs:us-east-1:123456789012:queue' })).toEqual(
      invalid(
        ['sequenceNumberForOrdering', '1e3', like(sequenceNumber)],
        ['explicitHashKey', '01', like(hashKey)],
        ['streamARN', 'arn:aws:sqs:us-east-1:123456789012:queue', like(streamArn)],
      ),
    );
  });

  it('takes keys of 256 characters and data of 10 MiB at the most', async () => {
    const key = 'a'.repeat(257);
    expect(await failure({ StreamName: 'a', PartitionKey: key, Data: Buffer.alloc(10_485_761) })).toEqual(
      invalid(
        ['partitionKey', key, noLonger(256)],
        ['data', 'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]', noLonger(10_485_760)],
      ),
    );
  });

  it('finds the stream by its name, by its ARN, or not at all', async () => {
    const nowhere = kinesis.newName();
    expect(await failure({ StreamName: nowhere })).toEqual(kinesis.notFound(nowhere));
    expect(await failure({ StreamARN: kinesis.arn(nowhere) })).toEqual(kinesis.notFound(nowhere));
    const StreamName = await kinesis.shared();
    for (const stream of [{ StreamName }, { StreamARN: kinesis.arn(StreamName) }]) {
      expect((await put(stream)).ShardId).toBe('shardId-000000000000');
    }
  });

  it('refuses a hash key beyond the last one', async () => {
    const beyond = '340282366920938463463374607431768211456';
    expect(await failure({ StreamName: await kinesis.shared(), ExplicitHashKey: beyond })).toEqual({
      name: 'InvalidArgumentException',
      message: `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${beyond}`,
    });
  });

  it('refuses a number for ordering that is none, and one of the future', async () => {
    const StreamName = await kinesis.shared();
    const invalidNumber = (number: string) => ({
      name: 'InvalidArgumentException',
      message: `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream ${StreamName} under account ${kinesis.account} is invalid.`,
    });
    const future = BigInt('0x2ffffffffff7fffffffffffffff000000000007fffffff2').toString();
    for (const number of ['12345', future]) {
      expect(await failure({ StreamName, SequenceNumberForOrdering: number })).toEqual(invalidNumber(number));
    }
  });

  it('refuses a record that is larger than its stream takes, key included', async () => {
    const StreamName = await kinesis.shared();
    expect((await failure({ StreamName, Data: Buffer.alloc(1_048_576) })).name).toBe('InvalidArgumentException');
    expect(await put({ StreamName, Data: Buffer.alloc(1_048_575) })).toMatchObject({ ShardId: 'shardId-000000000000' });
  });

  it('says of what was only to be tried that it would have succeeded', async () => {
    const StreamName = await kinesis.shared();
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    expect((await failure({ StreamName, DryRun: true })).name).toBe('DryRunOperationException');
    await kinesis.put(StreamName, 'for real');
    expect(texts({ Records: await kinesis.records(latest, 1) })).toEqual(['for real']);
  });
});

describe('PutRecord: behaviour', () => {
  it('answers with the shard of the key and a sequence number, and with nothing else', async () => {
    const StreamName = await kinesis.shared(3);
    const { $metadata: _, ...answer } = await put({ StreamName, PartitionKey: 'geolocation' });
    expect(answer).toEqual({ ShardId: 'shardId-000000000002', SequenceNumber: expect.stringMatching(/^49\d{54}$/) });
    expect((await put({ StreamName, PartitionKey: 'test' })).ShardId).toBe('shardId-000000000000');
  });

  it('follows an explicit hash key to the shard on either side of a boundary', async () => {
    const StreamName = await kinesis.shared(3);
    const below = await put({ StreamName, ExplicitHashKey: '113427455640312821154458202477256070484' });
    const above = await put({ StreamName, ExplicitHashKey: '113427455640312821154458202477256070485' });
    expect([below.ShardId, above.ShardId]).toEqual(['shardId-000000000000', 'shardId-000000000001']);
  });

  it('gives increasing sequence numbers to the records of a key, and takes a number of the version before', async () => {
    const StreamName = await kinesis.shared();
    const first = await put({ StreamName });
    const second = await put({ StreamName, SequenceNumberForOrdering: first.SequenceNumber });
    expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
    const old = BigInt(`0x2${'0'.repeat(45)}1`).toString();
    expect((await put({ StreamName, SequenceNumberForOrdering: old })).ShardId).toBe('shardId-000000000000');
  });

  it('keeps the bytes as they are, and none at all', async () => {
    const StreamName = await kinesis.shared();
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await put({ StreamName, Data: bytes, PartitionKey: 'Zürich' });
    await put({ StreamName, Data: new Uint8Array() });
    const records = await kinesis.records(latest, 2);
    expect(records.map((record) => Buffer.from(record.Data ?? []).toString('hex'))).toEqual([bytes.toString('hex'), '']);
    expect(records.map((record) => record.PartitionKey)).toEqual(['Zürich', 'a']);
  });

  it('loses none of many that come at once', async () => {
    const StreamName = await kinesis.shared();
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    const sent = Array.from({ length: 50 }, (_, index) => String(index));
    await Promise.all(sent.map((text) => put({ StreamName, Data: Buffer.from(text) })));
    const records = await kinesis.records(latest, 50);
    expect(new Set(texts({ Records: records }))).toEqual(new Set(sent));
    const numbers = records.map((record) => BigInt(record.SequenceNumber ?? 0));
    expect(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n))).toBe(true);
  });
});
