import { DeleteStreamCommand, type DeleteStreamInput, DescribeStreamCommand, GetRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { texts } from '../../../support/stream-use.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function deleteStream(input: DeleteStreamInput) {
  return kinesis.client.send(new DeleteStreamCommand(input));
}

describe('DeleteStream: serialization', () => {
  readsTypes(kinesis, 'DeleteStream', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    EnforceConsumerDeletion: 'a Boolean',
  });
});

describe('DeleteStream: validation', () => {
  findsItsStream(kinesis, deleteStream);

  it('refuses a stream with consumers unless they are to go as well', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.consumer(kinesis.arn(StreamName), 'audit');
    expect(await failureOf(deleteStream({ StreamName }))).toEqual({
      name: 'ResourceInUseException',
      message:
        `DeleteStream can't delete ${kinesis.arn(StreamName)} because there are consumers associated with this data stream. ` +
        `To delete ${StreamName} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.`,
    });
    await deleteStream({ StreamName, EnforceConsumerDeletion: true });
    await kinesis.gone(StreamName);
  });
});

describe('DeleteStream: behaviour', () => {
  it('ends with the stream gone, and its iterators with it', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const ShardIterator = await kinesis.iterator(StreamName, { ShardId: '1' });
    await deleteStream({ StreamARN: kinesis.arn(StreamName) });
    await kinesis.gone(StreamName);
    expect(await failureOf(kinesis.client.send(new DescribeStreamCommand({ StreamName })))).toEqual(kinesis.notFound(StreamName));
    expect(await failureOf(kinesis.client.send(new GetRecordsCommand({ ShardIterator })))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000001 in stream ${StreamName} under account ${kinesis.account} does not exist`,
    });
  });

  it('frees the name, and the new stream knows nothing of the old one', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'old');
    await deleteStream({ StreamName });
    await kinesis.gone(StreamName);
    await kinesis.stream({ StreamName, ShardCount: 1 });
    await kinesis.put(StreamName, 'new');
    const records = await kinesis.records(await kinesis.iterator(StreamName), 1);
    expect(texts({ Records: records })).toEqual(['new']);
  });
});
