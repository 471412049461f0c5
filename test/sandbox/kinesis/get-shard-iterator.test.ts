import {
  CreateStreamCommand,
  GetShardIteratorCommand,
  type GetShardIteratorInput,
  PutRecordCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { sequenceBase, sequenceNumberAt } from '../../../src/sandbox/kinesis/sequence-number.ts';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox, texts, waiting } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const creating = kinesisSandbox({ delays: endlessDelays });

function iterator(input: Partial<GetShardIteratorInput>) {
  return kinesis.client.send(new GetShardIteratorCommand({ ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST', ...input }));
}

function failure(input: Partial<GetShardIteratorInput>) {
  return failureOf(iterator(input));
}

async function put(StreamName: string, text: string, ExplicitHashKey?: string): Promise<string> {
  const command = new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text), ExplicitHashKey });
  return (await kinesis.client.send(command)).SequenceNumber ?? '';
}

describe('GetShardIterator refuses', () => {
  it('a request with nothing in it, and values that break their constraints', async () => {
    expect((await failure({ ShardId: undefined, ShardIteratorType: undefined })).message).toBe(
      "2 validation errors detected: Value null at 'shardId' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'shardIteratorType' failed to satisfy constraint: Member must not be null",
    );
    const NEWEST = 'NEWEST' as 'LATEST';
    expect((await failure({ StreamName: 'a', ShardIteratorType: NEWEST, StartingSequenceNumber: '01' })).message).toBe(
      "2 validation errors detected: Value 'NEWEST' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]; " +
        "Value '01' at 'startingSequenceNumber' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})",
    );
  });

  it.each(['2147483647', 'anything-2147483647', '-00002147483647'])('shard %s of a stream that does not exist', async (ShardId) => {
    expect(await failure({ StreamName: 'nowhere', ShardId })).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Shard shardId-002147483647 in stream nowhere under account 000000000000 does not exist',
    });
  });

  it.each(['2147483648', 'shardId-002147483648', 'ABKLFD8', '2.14E4'])('%s, which is no shard id', async (ShardId) => {
    expect(await failure({ StreamName: 'nowhere', ShardId })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ${ShardId} in stream nowhere under account 000000000000.`,
    });
  });

  it('a shard that the stream does not have', async () => {
    const StreamName = await kinesis.stream();
    expect(await failure({ StreamName, ShardId: 'shardId-5' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000005 in stream ${StreamName} under account 000000000000 does not exist`,
    });
  });

  it('a stream that is still being created', async () => {
    await creating.client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
    const command = new GetShardIteratorCommand({ StreamName: 'orders', ShardId: '0', ShardIteratorType: 'LATEST' });
    expect((await failureOf(creating.client.send(command))).name).toBe('ResourceNotFoundException');
  });

  it('a type that needs a sequence number and has none', async () => {
    const StreamName = await kinesis.stream();
    expect(await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).toEqual({
      name: 'InvalidArgumentException',
      message:
        'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        'Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.',
    });
  });

  it('a type that has a sequence number and takes none', async () => {
    const StreamName = await kinesis.stream();
    expect((await failure({ StreamName, StartingSequenceNumber: '5' })).message).toMatch(
      /Request specified LATEST and also a StartingSequenceNumber\.$/,
    );
  });

  it('the sequence number of another shard', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const StartingSequenceNumber = await put(StreamName, 'a', '340282366920938463463374607431768211455');
    expect(await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual({
      name: 'InvalidArgumentException',
      message:
        'Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000',
    });
  });

  it('the sequence number of another stream', async () => {
    const StreamName = await kinesis.stream();
    const StartingSequenceNumber = sequenceNumberAt(sequenceBase(1_542_776_258, 0), 7n, 1_542_776_300);
    expect(await failure({ StreamName, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual({
      name: 'InvalidArgumentException',
      message: `StartingSequenceNumber ${StartingSequenceNumber} used in GetShardIterator on shard shardId-000000000000 in stream ${StreamName} under account 000000000000 is invalid because it did not come from this stream.`,
    });
  });

  it('a number that is no sequence number', async () => {
    const StreamName = await kinesis.stream();
    expect((await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '12345678901' })).message).toBe(
      `StartingSequenceNumber 12345678901 used in GetShardIterator on shard shardId-000000000000 in stream ${StreamName} under account 000000000000 is invalid.`,
    );
  });

  it.each([
    ['5', 'shardId-000000000005'],
    [BigInt('0x20000000000000000000000000000000000000800000002').toString(), 'shardId--02147483648'],
  ])('the number %s, which is one of another shard', async (StartingSequenceNumber, other) => {
    const StreamName = await kinesis.stream();
    expect((await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).message).toBe(
      `Invalid StartingSequenceNumber. It encodes ${other}, while it was used in a call to a shard with shardId-000000000000`,
    );
  });

  it('no time, and a time that has not come yet', async () => {
    const StreamName = await kinesis.stream();
    expect((await failure({ StreamName, ShardIteratorType: 'AT_TIMESTAMP' })).message).toBe(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
    const Timestamp = new Date(Date.now() + 3_600_000);
    const { name, message } = await failure({ StreamName, ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
    expect(name).toBe('InvalidArgumentException');
    expect(message).toMatch(
      /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: \d{13}, currentTimestampInMillis: \d{13}$/,
    );
  });

  it('what was only to be tried', async () => {
    const StreamName = await kinesis.stream();
    expect((await failure({ StreamName, DryRun: true })).name).toBe('DryRunOperationException');
  });
});

describe('GetShardIterator', () => {
  it('answers with tokens of the length that those of AWS have, whatever the name of the stream', async () => {
    for (const StreamName of ['a', 'b'.repeat(29), 'c'.repeat(30), 'd'.repeat(128)]) {
      await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      await waitUntilStreamExists({ client: kinesis.client, ...waiting }, { StreamName });
      const bytes = Buffer.from((await iterator({ StreamName })).ShardIterator ?? '', 'base64');
      expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]));
      expect(bytes.length).toBeGreaterThanOrEqual(152);
      expect((bytes.length - 152) % 16).toBe(0);
    }
  });

  it('takes a shard id in any of the forms that AWS takes', async () => {
    const StreamName = await kinesis.stream();
    for (const ShardId of ['0', 'shardId-0', 'anything-0', 'shardId-000000000000']) {
      expect((await iterator({ StreamName, ShardId })).ShardIterator).toBeTruthy();
    }
  });

  it('gives opaque iterators that look like those of AWS', async () => {
    const StreamName = await kinesis.stream();
    const tokens = [await kinesis.iterator(StreamName), await kinesis.iterator(StreamName)];
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const token of tokens) {
      const bytes = Buffer.from(token, 'base64');
      expect(bytes.toString('base64')).toBe(token);
      expect(bytes.subarray(0, 8).toString('hex')).toBe('0000000000000001');
      expect(bytes.length).toBeGreaterThan(150);
      expect(token.length).toBeLessThanOrEqual(512);
      expect(bytes.includes(StreamName)).toBe(false);
    }
  });

  it('stays within 512 characters for the longest name', async () => {
    const StreamName = 'n'.repeat(128);
    await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await expect
      .poll(() =>
        kinesis.iterator(StreamName).then(
          (token) => token.length,
          () => Number.NaN,
        ),
      )
      .toBeLessThanOrEqual(512);
  });

  it('begins where it is told: at the oldest record, after the newest, at and after a number, at a time', async () => {
    const StreamName = await kinesis.stream();
    await put(StreamName, 'a');
    const StartingSequenceNumber = await put(StreamName, 'b');
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    const [, second] = (await kinesis.read(StreamName)).Records ?? [];
    // The next record has to arrive in a later millisecond for a time to stand between the two.
    await expect.poll(() => Date.now()).toBeGreaterThan(second?.ApproximateArrivalTimestamp?.getTime() ?? 0);
    const Timestamp = new Date();
    await put(StreamName, 'c');
    const from = async (settings: Partial<GetShardIteratorInput>) => texts(await kinesis.read(StreamName, settings));
    expect(await from({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c']);
    expect(await from({ ShardIteratorType: 'LATEST' })).toEqual([]);
    expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['b', 'c']);
    expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['c']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toEqual(['c']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) })).toEqual(['a', 'b', 'c']);
    expect(latest).not.toBe('');
  });
});
