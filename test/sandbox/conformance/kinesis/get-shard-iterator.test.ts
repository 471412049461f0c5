import { GetShardIteratorCommand, type GetShardIteratorInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { patience } from '../../../support/patience.ts';
import { texts } from '../../../support/stream-use.ts';
import { emptyName, invalid, like, notNull, oneOf, sequenceNumber } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const zero = 'shardId-000000000000';

function iterator(input: Partial<GetShardIteratorInput>) {
  return kinesis.client.send(new GetShardIteratorCommand({ ShardId: zero, ShardIteratorType: 'LATEST', ...input }));
}

function failure(input: Partial<GetShardIteratorInput>) {
  return failureOf(iterator(input));
}

function invalidArgument(message: string) {
  return { name: 'InvalidArgumentException', message };
}

describe('GetShardIterator: serialization', () => {
  readsTypes(kinesis, 'GetShardIterator', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    ShardId: 'a String',
    ShardIteratorType: 'a String',
    StartingSequenceNumber: 'a String',
    Timestamp: 'a Timestamp',
    DryRun: 'a Boolean',
  });
});

describe('GetShardIterator: validation', () => {
  it('needs a shard and a type', async () => {
    expect(await failure({ ShardId: undefined, ShardIteratorType: undefined })).toEqual(
      invalid(['shardId', null, notNull], ['shardIteratorType', null, notNull]),
    );
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    const ShardIteratorType = 'NEWEST' as 'LATEST';
    expect(await failure({ StreamName: '', ShardId: '', ShardIteratorType, StartingSequenceNumber: '01' })).toEqual(
      invalid(
        ...emptyName('shardId'),
        ['shardIteratorType', 'NEWEST', oneOf('AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON')],
        ['startingSequenceNumber', '01', like(sequenceNumber)],
        ...emptyName('streamName'),
      ),
    );
  });

  it.each(['2147483647', 'anything-2147483647', '-00002147483647'])('reads %s as the id of a shard', async (ShardId) => {
    const StreamName = kinesis.newName();
    expect(await failure({ StreamName, ShardId })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-002147483647 in stream ${StreamName} under account ${kinesis.account} does not exist`,
    });
  });

  it.each(['2147483648', 'shardId-002147483648', 'ABKLFD8', '2.14E4'])('does not read %s as the id of a shard', async (ShardId) => {
    const StreamName = kinesis.newName();
    expect(await failure({ StreamName, ShardId })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ${ShardId} in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });

  it('refuses a shard that the stream does not have', async () => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, ShardId: 'shardId-5' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000005 in stream ${StreamName} under account ${kinesis.account} does not exist`,
    });
  });

  it.each([
    ['AT_SEQUENCE_NUMBER', 'no', {}],
    ['AFTER_SEQUENCE_NUMBER', 'no', {}],
    ['LATEST', 'also a', { StartingSequenceNumber: '5' }],
    ['TRIM_HORIZON', 'also a', { StartingSequenceNumber: '5' }],
  ] as const)('refuses %s with %s sequence number', async (ShardIteratorType, which, number) => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, ShardIteratorType, ...number })).toEqual(
      invalidArgument(
        'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
          `Request specified ${ShardIteratorType} and ${which} StartingSequenceNumber.`,
      ),
    );
  });

  it('refuses the sequence number of another shard', async () => {
    const StreamName = await kinesis.shared(3);
    const { SequenceNumber } = await kinesis.put(StreamName, 'a', { ExplicitHashKey: '340282366920938463463374607431768211455' });
    const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber } as const;
    expect(await failure({ StreamName, ...at })).toEqual(
      invalidArgument(
        'Invalid StartingSequenceNumber. It encodes shardId-000000000002, while it was used in a call to a shard with shardId-000000000000',
      ),
    );
  });

  it('refuses the sequence number of another stream', async () => {
    const StreamName = await kinesis.shared();
    // The eighth number that the first shard of a stream of 2018 gave, 42 seconds later.
    const SequenceNumber = BigInt('0x205bf4e5c2000000000000000070005bf4e5ec000000002').toString();
    const after = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber } as const;
    expect(await failure({ StreamName, ...after })).toEqual(
      invalidArgument(
        `StartingSequenceNumber ${SequenceNumber} used in GetShardIterator on shard ${zero} in stream ${StreamName} under account ${kinesis.account} is invalid because it did not come from this stream.`,
      ),
    );
  });

  it('refuses a number that is no sequence number', async () => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '12345678901' })).toEqual(
      invalidArgument(
        `StartingSequenceNumber 12345678901 used in GetShardIterator on shard ${zero} in stream ${StreamName} under account ${kinesis.account} is invalid.`,
      ),
    );
  });

  it.each([
    ['5', 'shardId-000000000005'],
    [BigInt('0x20000000000000000000000000000000000000800000002').toString(), 'shardId--02147483648'],
  ])('reads the number %s as one of %s', async (StartingSequenceNumber, other) => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(
      invalidArgument(`Invalid StartingSequenceNumber. It encodes ${other}, while it was used in a call to a shard with ${zero}`),
    );
  });

  it('refuses AT_TIMESTAMP without a time, and with one that has not come yet', async () => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, ShardIteratorType: 'AT_TIMESTAMP' })).toEqual(
      invalidArgument(
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
      ),
    );
    const Timestamp = new Date(Date.now() + 3_600_000);
    const { name, message } = await failure({ StreamName, ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
    expect(name).toBe('InvalidArgumentException');
    expect(message).toMatch(
      /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: \d{13}, currentTimestampInMillis: \d{13}$/,
    );
  });

  it('says of what was only to be tried that it would have succeeded', async () => {
    expect((await failure({ StreamName: await kinesis.shared(), DryRun: true })).name).toBe('DryRunOperationException');
  });
});

describe('GetShardIterator: behaviour', () => {
  it('takes the id of a shard in any of the forms that AWS takes, and the stream by its name, its ARN or both', async () => {
    const StreamName = await kinesis.shared();
    for (const ShardId of ['0', 'shardId-0', 'anything-0', zero]) {
      expect((await iterator({ StreamName, ShardId })).ShardIterator).toBeTruthy();
    }
    const StreamARN = kinesis.arn(StreamName);
    for (const stream of [{ StreamARN }, { StreamName, StreamARN }]) expect((await iterator(stream)).ShardIterator).toBeTruthy();
  });

  it('gives opaque iterators, each another one, of at most 512 characters', async () => {
    const StreamName = await kinesis.shared();
    const tokens = [await kinesis.iterator(StreamName), await kinesis.iterator(StreamName)];
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const token of tokens) {
      const bytes = Buffer.from(token, 'base64');
      expect(bytes.toString('base64')).toBe(token);
      expect(bytes.subarray(0, 8).toString('hex')).toBe('0000000000000001');
      expect(token.length).toBeLessThanOrEqual(512);
      expect(bytes.includes(StreamName)).toBe(false);
    }
  });

  it('begins where it is told: at the oldest record, after the newest, at and after a number, at a time', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'a');
    const { SequenceNumber: StartingSequenceNumber } = await kinesis.put(StreamName, 'b');
    const [, second] = await kinesis.records(await kinesis.iterator(StreamName), 2);
    const arrival = second?.ApproximateArrivalTimestamp?.getTime() ?? 0;
    // The next record has to arrive in a later millisecond for a time to stand between the two.
    await expect.poll(() => Date.now(), patience).toBeGreaterThan(arrival);
    const latest = await kinesis.iterator(StreamName, { ShardIteratorType: 'LATEST' });
    await kinesis.put(StreamName, 'c');
    const from = async (count: number, settings: Partial<GetShardIteratorInput>) =>
      texts({ Records: await kinesis.records(await kinesis.iterator(StreamName, settings), count) });
    expect(await from(3, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c']);
    expect(texts({ Records: await kinesis.records(latest, 1) })).toEqual(['c']);
    expect(await from(2, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['b', 'c']);
    expect(await from(1, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['c']);
    expect(await from(1, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(arrival + 1) })).toEqual(['c']);
    expect(await from(3, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) })).toEqual(['a', 'b', 'c']);
  });
});
