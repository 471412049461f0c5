import { UpdateMaxRecordSizeCommand, type UpdateMaxRecordSizeInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, atMost, invalid, like, notNull, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function update(input: Partial<UpdateMaxRecordSizeInput>) {
  return kinesis.client.send(new UpdateMaxRecordSizeCommand({ MaxRecordSizeInKiB: 2048, ...input }));
}

describe('UpdateMaxRecordSize: serialization', () => {
  readsTypes(kinesis, 'UpdateMaxRecordSize', { StreamARN: 'a String', StreamId: 'a String', MaxRecordSizeInKiB: 'an Integer' });
});

describe('UpdateMaxRecordSize: validation', () => {
  it('needs a size', async () => {
    const StreamARN = kinesis.arn('a');
    expect(await failureOf(update({ StreamARN, MaxRecordSizeInKiB: undefined }))).toEqual(invalid(['maxRecordSizeInKiB', null, notNull]));
  });

  it('takes sizes from 1 to 10 MiB, and ARNs of streams', async () => {
    expect(await failureOf(update({ StreamARN: 'stream', MaxRecordSizeInKiB: 1023 }))).toEqual(
      invalid(['maxRecordSizeInKiB', '1023', atLeast(1024)], ['streamARN', 'stream', like(streamArn)]),
    );
    expect(await failureOf(update({ StreamARN: kinesis.arn('a'), MaxRecordSizeInKiB: 10_241 }))).toEqual(
      invalid(['maxRecordSizeInKiB', '10241', atMost(10_240)]),
    );
  });

  it('says which stream is not there', async () => {
    const nowhere = kinesis.newName();
    expect(await failureOf(update({ StreamARN: kinesis.arn(nowhere) }))).toEqual(kinesis.notFound(nowhere));
  });
});

describe('UpdateMaxRecordSize: behaviour', () => {
  it('lets the stream take larger records', async () => {
    const StreamName = await kinesis.stream();
    const put = () => kinesis.put(StreamName, '', { Data: Buffer.alloc(2_000_000) });
    expect((await failureOf(put())).name).toBe('InvalidArgumentException');
    await update({ StreamARN: kinesis.arn(StreamName) });
    expect((await kinesis.settled(StreamName)).MaxRecordSizeInKiB).toBe(2048);
    expect((await put()).ShardId).toBe('shardId-000000000000');
  });
});
