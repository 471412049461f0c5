import { PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

const kinesis = kinesisSandbox();
const data = Buffer.from('x');

function put(StreamName: string, Records: PutRecordsRequestEntry[] | undefined, DryRun?: boolean) {
  return kinesis.client.send(new PutRecordsCommand({ StreamName, Records, DryRun }));
}

describe('PutRecords refuses', () => {
  it('no records, and an empty list of them', async () => {
    expect((await failureOf(put('a', undefined))).message).toBe(
      "1 validation error detected: Value null at 'records' failed to satisfy constraint: Member must not be null",
    );
    expect((await failureOf(put('a', []))).message).toBe(
      "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('more than five hundred records', async () => {
    const { name, message } = await failureOf(put('a', Array(501).fill({ PartitionKey: 'a', Data: data })));
    expect(name).toBe('ValidationException');
    expect(message).toContain("at 'records' failed to satisfy constraint: Member must have length less than or equal to 500");
  });

  it('a bad entry, which it finds by its place in the list', async () => {
    const failure = await failureOf(
      put('a', [
        { PartitionKey: 'a', Data: data },
        { PartitionKey: '', Data: data, ExplicitHashKey: '' },
      ]),
    );
    expect(failure.message).toBe(
      "2 validation errors detected: Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    );
  });

  it('a stream that does not exist', async () => {
    expect(await failureOf(put('nowhere', [{ PartitionKey: 'a', Data: data }]))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  });

  it('all records when one has a hash key beyond the last one', async () => {
    const name = await kinesis.stream();
    const failure = await failureOf(
      put(name, [
        { PartitionKey: 'a', Data: data },
        { PartitionKey: 'a', Data: data, ExplicitHashKey: '340282366920938463463374607431768211456' },
      ]),
    );
    expect(failure.name).toBe('InvalidArgumentException');
    expect(texts(await kinesis.read(name))).toEqual([]);
  });

  it('more than 10 MiB in one request', async () => {
    const name = await kinesis.stream({ ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
    const half = { PartitionKey: 'a', Data: Buffer.alloc(5 * 1024 * 1024) };
    expect((await failureOf(put(name, [half, half]))).name).toBe('InvalidArgumentException');
    const { FailedRecordCount } = await put(name, [half, { ...half, Data: half.Data.subarray(2) }]);
    expect(FailedRecordCount).toBe(0);
  });

  it('what was only to be tried', async () => {
    const name = await kinesis.stream();
    expect((await failureOf(put(name, [{ PartitionKey: 'a', Data: data }], true))).name).toBe('DryRunOperationException');
    expect(texts(await kinesis.read(name))).toEqual([]);
  });
});

describe('PutRecords', () => {
  it('answers for each record in its place, with its shard and number', async () => {
    const name = await kinesis.stream({ ShardCount: 3 });
    const { $metadata: _, ...answer } = await put(name, [
      { PartitionKey: 'test', Data: data },
      { PartitionKey: 'sensor-1', Data: data },
      { PartitionKey: 'test', Data: data, ExplicitHashKey: '113427455640312821154458202477256070485' },
    ]);
    const number = expect.stringMatching(/^49\d{54}$/);
    expect(answer).toEqual({
      FailedRecordCount: 0,
      Records: [
        { ShardId: 'shardId-000000000000', SequenceNumber: number },
        { ShardId: 'shardId-000000000002', SequenceNumber: number },
        { ShardId: 'shardId-000000000001', SequenceNumber: number },
      ],
    });
  });

  it('keeps the records of a shard in the order of the request', async () => {
    const name = await kinesis.stream();
    await put(
      name,
      Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: Buffer.from(String(index)) })),
    );
    expect(texts(await kinesis.read(name))).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });
});
