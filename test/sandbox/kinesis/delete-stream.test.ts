import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  PutRecordCommand,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox, waiting } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

const kinesis = kinesisSandbox();
const lasting = kinesisSandbox({ delays: { ...quickDelays, streamCreate: 10, streamDelete: 3_600_000 } });

async function deleted(StreamName: string): Promise<void> {
  await kinesis.client.send(new DeleteStreamCommand({ StreamName }));
  await waitUntilStreamNotExists({ client: kinesis.client, ...waiting }, { StreamName });
}

describe('DeleteStream', () => {
  it('refuses a stream that does not exist', async () => {
    expect(await failureOf(kinesis.client.send(new DeleteStreamCommand({ StreamName: 'nowhere' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  });

  it('leaves the stream in DELETING for a while, in which it takes no records and its name is taken', async () => {
    const StreamName = await lasting.stream();
    await lasting.client.send(new DeleteStreamCommand({ StreamName }));
    const { StreamDescription } = await lasting.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('DELETING');
    const put = new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('x') });
    expect((await failureOf(lasting.client.send(put))).name).toBe('ResourceNotFoundException');
    expect((await failureOf(lasting.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })))).name).toBe(
      'ResourceInUseException',
    );
    expect(await failureOf(lasting.client.send(new DeleteStreamCommand({ StreamName })))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state DELETING`,
    });
  });

  it('ends with the stream gone, and its iterators with it', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const ShardIterator = await kinesis.iterator(StreamName, { ShardId: '1' });
    await deleted(StreamName);
    expect((await failureOf(kinesis.client.send(new DescribeStreamCommand({ StreamName })))).name).toBe('ResourceNotFoundException');
    expect(await failureOf(kinesis.client.send(new GetRecordsCommand({ ShardIterator })))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000001 in stream ${StreamName} under account 000000000000 does not exist`,
    });
  });

  it('can end the creation of a stream', async () => {
    const StreamName = kinesis.newName();
    await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await deleted(StreamName);
  });

  it('frees the name, and the new stream knows nothing of the old one', async () => {
    const StreamName = await kinesis.stream();
    const put = (text: string) => kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text) }));
    await put('old');
    await put('old');
    const old = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    await deleted(StreamName);
    await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await expect.poll(async () => (await kinesis.read(StreamName).catch(() => undefined))?.Records).toEqual([]);
    await put('new');
    expect(texts(await kinesis.read(StreamName))).toEqual(['new']);
    expect(texts(await kinesis.client.send(new GetRecordsCommand({ ShardIterator: old })))).toEqual(['new']);
  });
});
