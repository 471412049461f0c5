import {
  CreateStreamCommand,
  type CreateStreamInput,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const slow = kinesisSandbox({ delays: endlessDelays });
const creating = kinesisSandbox({ delays: endlessDelays });

function failure(input: CreateStreamInput) {
  return failureOf(kinesis.client.send(new CreateStreamCommand(input)));
}

async function description(StreamName: string, of = kinesis) {
  return (await of.client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription;
}

describe('CreateStream refuses', () => {
  it('a request without a name', async () => {
    expect(await failure({ StreamName: undefined })).toEqual({
      name: 'ValidationException',
      message: "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
    });
  });

  it('an empty name and no shards', async () => {
    expect((await failure({ StreamName: '', ShardCount: 0 })).message).toBe(
      "3 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('a name that is too long and more shards than anybody can have', async () => {
    const name = 'a'.repeat(129);
    expect((await failure({ StreamName: name, ShardCount: 2147483647 })).message).toBe(
      "2 validation errors detected: Value '2147483647' at 'shardCount' failed to satisfy constraint: Member must have value less than or equal to 100000; " +
        `Value '${name}' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    );
  });

  it('a name that is taken', async () => {
    const name = await kinesis.stream();
    expect(await failure({ StreamName: name, ShardCount: 1 })).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${name} under account 000000000000 already exists.`,
    });
  });

  it('more shards than the account may have', async () => {
    const { name, message } = await failure({ StreamName: 'too-many', ShardCount: 20_001 });
    expect(name).toBe('LimitExceededException');
    expect(message).toMatch(
      /^This request would exceed the shard limit for the account 000000000000 in us-east-1\. Current shard count for the account: \d+\. Limit: 20000\. Number of additional shards that would have resulted from this request: 20001\. /,
    );
  });

  it('a sixth stream while five are being created', async () => {
    for (let count = 0; count < 5; count += 1) {
      await slow.client.send(new CreateStreamCommand({ StreamName: slow.newName(), ShardCount: 1 }));
    }
    const { name } = await failureOf(slow.client.send(new CreateStreamCommand({ StreamName: slow.newName(), ShardCount: 1 })));
    expect(name).toBe('LimitExceededException');
  });

  it('a tag with a character that tags cannot have', async () => {
    expect(await failure({ StreamName: 'tagged', ShardCount: 1, Tags: { owner: 'a;b' } })).toEqual({
      name: 'InvalidArgumentException',
      message: 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    });
  });

  it('a provisioned stream without a number of shards, and an on-demand stream with one', async () => {
    expect((await failure({ StreamName: 'a', StreamModeDetails: { StreamMode: 'PROVISIONED' } })).name).toBe('ValidationException');
    expect((await failure({ StreamName: 'a', ShardCount: 2, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })).name).toBe(
      'ValidationException',
    );
  });

  it('what it does not have, by name', async () => {
    expect(await failure({ StreamName: 'a', RecordDistributionStrategy: 'AUTO' })).toEqual({
      name: 'NotImplemented',
      message: 'RecordDistributionStrategy AUTO exists on AWS and is not implemented by this sandbox.',
    });
  });
});

describe('CreateStream', () => {
  it('begins with a stream in CREATING that has no shards yet', async () => {
    await creating.client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
    expect(await description('orders', creating)).toMatchObject({ StreamStatus: 'CREATING', Shards: [], HasMoreShards: false });
  });

  it('ends with an ACTIVE stream', async () => {
    const before = Date.now();
    const name = await kinesis.stream({ ShardCount: 3 });
    const stream = await description(name);
    expect(stream).toMatchObject({
      StreamName: name,
      StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    });
    expect(stream?.Shards?.map((shard) => shard.HashKeyRange)).toEqual([
      { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
      { StartingHashKey: '113427455640312821154458202477256070485', EndingHashKey: '226854911280625642308916404954512140969' },
      { StartingHashKey: '226854911280625642308916404954512140970', EndingHashKey: '340282366920938463463374607431768211455' },
    ]);
    expect(stream?.Shards?.map((shard) => shard.SequenceNumberRange?.StartingSequenceNumber)).toEqual(
      Array(3).fill(expect.stringMatching(/^49\d{54}$/)),
    );
    expect(stream?.StreamCreationTimestamp?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('makes an on-demand stream of four shards when it is told neither a mode nor a number of shards', async () => {
    const stream = await description(await kinesis.stream({}));
    expect(stream?.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
    expect(stream?.Shards).toHaveLength(4);
  });

  it('sets the tags and the largest size of a record', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, MaxRecordSizeInKiB: 2048, Tags: { 'kinesis-labs:lab': '01' } });
    const { Tags } = await kinesis.client.send(new ListTagsForStreamCommand({ StreamName }));
    expect(Tags).toEqual([{ Key: 'kinesis-labs:lab', Value: '01' }]);
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary?.MaxRecordSizeInKiB).toBe(2048);
  });
});
