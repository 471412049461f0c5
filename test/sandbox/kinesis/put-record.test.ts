import { CreateStreamCommand, PutRecordCommand, type PutRecordInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox, texts } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const creating = kinesisSandbox({ delays: endlessDelays });
const data = Buffer.from('hello');

function put(input: Partial<PutRecordInput>) {
  return kinesis.client.send(new PutRecordCommand({ PartitionKey: 'a', Data: data, ...input }));
}

describe('PutRecord refuses', () => {
  it('a request with nothing in it', async () => {
    expect(await failureOf(put({ PartitionKey: undefined, Data: undefined }))).toEqual({
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'data' failed to satisfy constraint: Member must not be null",
    });
  });

  it('values that break their constraints, in the order of AWS', async () => {
    const failure = await failureOf(put({ StreamName: '', PartitionKey: '', ExplicitHashKey: '', SequenceNumberForOrdering: '' }));
    expect(failure.message).toBe(
      "5 validation errors detected: Value '' at 'sequenceNumberForOrdering' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128}); " +
        "Value '' at 'partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('a partition key and data that are too long for any stream', async () => {
    const key = 'a'.repeat(257);
    const failure = await failureOf(put({ StreamName: 'a', PartitionKey: key, Data: Buffer.alloc(10_485_761) }));
    expect(failure.message).toBe(
      `2 validation errors detected: Value '${key}' at 'partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256; ` +
        "Value 'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]' at 'data' failed to satisfy constraint: Member must have length less than or equal to 10485760",
    );
  });

  it('a stream that does not exist', async () => {
    expect(await failureOf(put({ StreamName: 'nowhere' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  });

  it('a stream that is still being created', async () => {
    await creating.client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
    expect(await failureOf(creating.client.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'a', Data: data })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream orders under account 000000000000 not found.',
    });
  });

  it('a hash key beyond the last one', async () => {
    const StreamName = await kinesis.stream();
    expect(await failureOf(put({ StreamName, ExplicitHashKey: '340282366920938463463374607431768211456' }))).toEqual({
      name: 'InvalidArgumentException',
      message:
        'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was 340282366920938463463374607431768211456',
    });
  });

  it('a number for ordering that is none', async () => {
    const StreamName = await kinesis.stream();
    expect(await failureOf(put({ StreamName, SequenceNumberForOrdering: '12345' }))).toEqual({
      name: 'InvalidArgumentException',
      message: `ExclusiveMinimumSequenceNumber 12345 used in PutRecord on stream ${StreamName} under account 000000000000 is invalid.`,
    });
  });

  it('a record that is larger than its stream takes, key included', async () => {
    const StreamName = await kinesis.stream();
    expect((await failureOf(put({ StreamName, Data: Buffer.alloc(1_048_576) }))).name).toBe('InvalidArgumentException');
    expect(await put({ StreamName, Data: Buffer.alloc(1_048_575) })).toMatchObject({ ShardId: 'shardId-000000000000' });
  });

  it('what was only to be tried', async () => {
    const StreamName = await kinesis.stream();
    expect((await failureOf(put({ StreamName, DryRun: true }))).name).toBe('DryRunOperationException');
    expect(texts(await kinesis.read(StreamName))).toEqual([]);
  });
});

describe('PutRecord', () => {
  it('takes a number for ordering of the version before, and none of the future', async () => {
    const StreamName = await kinesis.stream();
    const orderedBy = (hex: string) => put({ StreamName, SequenceNumberForOrdering: BigInt(`0x${hex}`).toString() });
    expect((await orderedBy(`2${'0'.repeat(45)}1`)).ShardId).toBe('shardId-000000000000');
    expect((await failureOf(orderedBy('2ffffffffff7fffffffffffffff000000000007fffffff2'))).message).toMatch(
      /^ExclusiveMinimumSequenceNumber/,
    );
  });

  it('answers with the shard of the key and a sequence number, and with nothing else', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 4 });
    const { $metadata: _, ...answer } = await put({ StreamName, PartitionKey: 'geolocation' });
    expect(answer).toEqual({ ShardId: 'shardId-000000000002', SequenceNumber: expect.stringMatching(/^49\d{54}$/) });
  });

  it('gives increasing sequence numbers to the records of a key', async () => {
    const StreamName = await kinesis.stream();
    const first = await put({ StreamName });
    const second = await put({ StreamName, SequenceNumberForOrdering: first.SequenceNumber });
    expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
  });

  it('keeps the bytes as they are, and none at all', async () => {
    const StreamName = await kinesis.stream();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await put({ StreamName, Data: bytes, PartitionKey: 'Zürich' });
    await put({ StreamName, Data: new Uint8Array() });
    const { Records = [] } = await kinesis.read(StreamName);
    expect(Records.map((record) => Buffer.from(record.Data ?? []).toString('hex'))).toEqual([bytes.toString('hex'), '']);
    expect(Records.map((record) => record.PartitionKey)).toEqual(['Zürich', 'a']);
  });

  it('follows an explicit hash key to the shard on either side of a boundary', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const below = await put({ StreamName, ExplicitHashKey: '170141183460469231731687303715884105727' });
    const above = await put({ StreamName, ExplicitHashKey: '170141183460469231731687303715884105728' });
    expect([below.ShardId, above.ShardId]).toEqual(['shardId-000000000000', 'shardId-000000000001']);
  });

  it('keeps the order of one client that waits for each answer, and loses none of many that do not', async () => {
    const StreamName = await kinesis.stream();
    await Promise.all(Array.from({ length: 50 }, (_, index) => put({ StreamName, Data: Buffer.from(String(index)) })));
    const read = await kinesis.read(StreamName);
    expect(
      texts(read)
        .map(Number)
        .sort((one, other) => one - other),
    ).toEqual(Array.from({ length: 50 }, (_, index) => index));
    const numbers = read.Records?.map((record) => BigInt(record.SequenceNumber ?? 0)) ?? [];
    expect(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n))).toBe(true);
  });
});
