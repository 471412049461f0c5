import { PutRecordsCommand, type PutRecordsInput, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { texts } from '../../../support/stream-use.ts';
import { emptyName, hashKey, invalid, like, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const data = Buffer.from('x');
const record: PutRecordsRequestEntry = { PartitionKey: 'a', Data: data };

function put(input: Partial<PutRecordsInput>) {
  return kinesis.client.send(new PutRecordsCommand({ Records: [record], ...input }));
}

function failure(input: Partial<PutRecordsInput>) {
  return failureOf(put(input));
}

describe('PutRecords: serialization', () => {
  readsTypes(kinesis, 'PutRecords', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    DryRun: 'a Boolean',
    Records: 'a List',
    'Records[].PartitionKey': 'a String',
    'Records[].ExplicitHashKey': 'a String',
    'Records[].Data': 'a Blob',
  });
});

describe('PutRecords: validation', () => {
  findsItsStream(kinesis, put);

  it('needs records, from 1 to 500', async () => {
    expect(await failure({ StreamName: 'a', Records: undefined })).toEqual(invalid(['records', null, notNull]));
    expect(await failure({ StreamName: '', Records: [] })).toEqual(invalid(['records', '[]', noShorter(1)], ...emptyName('streamName')));
    const entry = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry';
    const { name, message } = await failure({ StreamName: 'a', Records: Array(501).fill({ PartitionKey: '', Data: Buffer.alloc(0) }) });
    expect(name).toBe('ValidationException');
    expect(message).toContain(
      `Value '[${Array(501).fill(`${entry}@c965e310`).join(', ')}]' at 'records' failed to satisfy constraint: ${noLonger(500)}`,
    );
  });

  it('finds a bad entry by its place in the list', async () => {
    const key = 'a'.repeat(257);
    const Records = [record, { PartitionKey: '', Data: data, ExplicitHashKey: '' }, { PartitionKey: key, Data: undefined }];
    expect(await failure({ StreamName: 'a', Records })).toEqual(
      invalid(
        ['records.2.member.partitionKey', '', noShorter(1)],
        ['records.2.member.explicitHashKey', '', like(hashKey)],
        ['records.3.member.partitionKey', key, noLonger(256)],
        ['records.3.member.data', null, notNull],
      ),
    );
  });

  it('reports ten problems at the most', async () => {
    const { message } = await failure({ StreamName: 'a', Records: Array(11).fill({ PartitionKey: '', Data: data }) });
    expect(message).toMatch(/^10 validation errors detected: /);
    expect(message).toContain('records.10.member');
    expect(message).not.toContain('records.11.member');
  });

  it('refuses all records when one has a hash key beyond the last one', async () => {
    const StreamName = await kinesis.shared();
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    const beyond = '340282366920938463463374607431768211456';
    expect(await failure({ StreamName, Records: [record, { ...record, ExplicitHashKey: beyond }] })).toEqual({
      name: 'InvalidArgumentException',
      message: `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${beyond}`,
    });
    await kinesis.put(StreamName, 'alone');
    expect(texts({ Records: await kinesis.records(latest, 1) })).toEqual(['alone']);
  });

  it('refuses a record that is larger than its stream takes', async () => {
    const Records = [record, { PartitionKey: 'a', Data: Buffer.alloc(1_048_576) }];
    expect((await failure({ StreamName: await kinesis.shared(), Records })).name).toBe('InvalidArgumentException');
  });

  it('refuses more than 10 MiB in one request', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
    const half = { PartitionKey: 'a', Data: Buffer.alloc(5 * 1024 * 1024) };
    expect(await failure({ StreamName, Records: [half, half] })).toEqual({
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    });
    const answer = await put({ StreamName, Records: [half, { ...half, Data: half.Data.subarray(2) }] });
    expect(answer.Records).toHaveLength(2);
  });

  it('says of what was only to be tried that it would have succeeded', async () => {
    expect((await failure({ StreamName: await kinesis.shared(), DryRun: true })).name).toBe('DryRunOperationException');
  });
});

describe('PutRecords: behaviour', () => {
  it('answers for each record in its place, with its shard and number', async () => {
    const { $metadata: _, ...answer } = await put({
      StreamName: await kinesis.shared(3),
      Records: [
        { PartitionKey: 'test', Data: data },
        { PartitionKey: 'sensor-1', Data: data },
        { PartitionKey: 'test', Data: data, ExplicitHashKey: '113427455640312821154458202477256070485' },
      ],
    });
    const SequenceNumber = expect.stringMatching(/^49\d{54}$/);
    expect(answer).toEqual({
      FailedRecordCount: 0,
      Records: [
        { ShardId: 'shardId-000000000000', SequenceNumber },
        { ShardId: 'shardId-000000000002', SequenceNumber },
        { ShardId: 'shardId-000000000001', SequenceNumber },
      ],
    });
  });

  it('keeps the records of a shard in the order of the request', async () => {
    const StreamName = await kinesis.shared();
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    const sent = Array.from({ length: 500 }, (_, index) => String(index));
    await put({ StreamName, Records: sent.map((text) => ({ PartitionKey: `key-${text}`, Data: Buffer.from(text) })) });
    expect(texts({ Records: await kinesis.records(latest, 500) })).toEqual(sent);
  });
});
