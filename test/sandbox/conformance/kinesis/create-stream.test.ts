import {
  CreateStreamCommand,
  type CreateStreamInput,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, atMost, emptyName, invalid, mapKeys, noLonger, noShorter, notNull, oneOf } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function failure(input: CreateStreamInput) {
  return failureOf(kinesis.client.send(new CreateStreamCommand(input)));
}

async function description(StreamName: string) {
  return (await kinesis.client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription;
}

describe('CreateStream: serialization', () => {
  readsTypes(kinesis, 'CreateStream', {
    StreamName: 'a String',
    ShardCount: 'an Integer',
    StreamModeDetails: 'a Structure',
    'StreamModeDetails.StreamMode': 'a String',
    Tags: 'a Map',
    'Tags{}': 'a String',
    WarmThroughputMiBps: 'an Integer',
    MaxRecordSizeInKiB: 'an Integer',
    RecordDistributionStrategy: 'a String',
  });
});

describe('CreateStream: validation', () => {
  it('needs a name', async () => {
    expect(await failure({ StreamName: undefined })).toEqual(invalid(['streamName', null, notNull]));
  });

  it('reports an empty name and no shards', async () => {
    expect(await failure({ StreamName: '', ShardCount: 0 })).toEqual(invalid(['shardCount', '0', atLeast(1)], ...emptyName('streamName')));
  });

  it('reports a name that is too long and more shards than anybody can have', async () => {
    const name = kinesis.newName().padEnd(129, 'a');
    expect(await failure({ StreamName: name, ShardCount: 100001 })).toEqual(
      invalid(['shardCount', '100001', atMost(100_000)], ['streamName', name, noLonger(128)]),
    );
  });

  it('takes a number that no integer of Java reaches for the largest that one does', async () => {
    expect(await failure({ StreamName: kinesis.newName(), ShardCount: 100_000_000_000 })).toEqual(
      invalid(['shardCount', '2147483647', atMost(100_000)]),
    );
  });

  it('knows two modes, and sizes of records from 1 to 10 MiB', async () => {
    const StreamMode = 'SERVERLESS' as 'ON_DEMAND';
    expect(await failure({ StreamName: kinesis.newName(), StreamModeDetails: { StreamMode }, MaxRecordSizeInKiB: 1023 })).toEqual(
      invalid(
        ['streamModeDetails.streamMode', 'SERVERLESS', oneOf('PROVISIONED', 'ON_DEMAND')],
        ['maxRecordSizeInKiB', '1023', atLeast(1024)],
      ),
    );
    expect(await failure({ StreamName: kinesis.newName(), ShardCount: 1, MaxRecordSizeInKiB: 10_241 })).toEqual(
      invalid(['maxRecordSizeInKiB', '10241', atMost(10_240)]),
    );
  });

  it('takes tags with keys of up to 128 characters, and not an empty map of them', async () => {
    const key = 'k'.repeat(129);
    expect(await failure({ StreamName: kinesis.newName(), ShardCount: 1, Tags: { [key]: 'v' } })).toEqual(
      invalid(['tags', `{${key}=v}`, mapKeys(noLonger(128), noShorter(1))]),
    );
    expect(await failure({ StreamName: kinesis.newName(), ShardCount: 1, Tags: {} })).toEqual(invalid(['tags', '{}', noShorter(1)]));
  });

  it('refuses a tag with a character that tags cannot have', async () => {
    expect(await failure({ StreamName: kinesis.newName(), ShardCount: 1, Tags: { owner: 'a;b' } })).toEqual({
      name: 'InvalidArgumentException',
      message: 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    });
  });

  it('refuses a fifty-first tag', async () => {
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, '']));
    expect((await failure({ StreamName: kinesis.newName(), ShardCount: 1, Tags })).name).toBe('InvalidArgumentException');
  });

  it('refuses a name that is taken', async () => {
    const name = await kinesis.shared();
    expect(await failure({ StreamName: name, ShardCount: 1 })).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${name} under account ${kinesis.account} already exists.`,
    });
  });

  it('refuses more shards than the account may have', async () => {
    // One more than are allowed: an emulator that knows no limit gets no more to do than it has to.
    const { ShardLimit = 0 } = await kinesis.client.send(new DescribeLimitsCommand({}));
    const { name, message } = await failure({ StreamName: kinesis.newName(), ShardCount: ShardLimit + 1 });
    expect(name).toBe('LimitExceededException');
    expect(message).toMatch(
      new RegExp(
        `^This request would exceed the shard limit for the account ${kinesis.account} in ${kinesis.region}\\. ` +
          'Current shard count for the account: \\d+\\. Limit: \\d+\\. Number of additional shards that would have resulted from this request: \\d+\\. ',
      ),
    );
  });

  it('refuses a provisioned stream without a number of shards, and an on-demand stream with one', async () => {
    const StreamName = kinesis.newName();
    expect((await failure({ StreamName, StreamModeDetails: { StreamMode: 'PROVISIONED' } })).name).toBe('ValidationException');
    expect((await failure({ StreamName, ShardCount: 2, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })).name).toBe('ValidationException');
  });
});

describe('CreateStream: behaviour', () => {
  it('ends with an ACTIVE stream whose shards have equal parts of the hash keys', async () => {
    const before = Date.now() - 60_000;
    const name = await kinesis.stream({ ShardCount: 3 });
    const stream = await description(name);
    expect(stream).toMatchObject({
      StreamName: name,
      StreamARN: kinesis.arn(name),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      HasMoreShards: false,
    });
    expect(stream?.Shards?.map((shard) => shard.HashKeyRange)).toEqual([
      { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
      { StartingHashKey: '113427455640312821154458202477256070485', EndingHashKey: '226854911280625642308916404954512140969' },
      { StartingHashKey: '226854911280625642308916404954512140970', EndingHashKey: '340282366920938463463374607431768211455' },
    ]);
    expect(stream?.Shards?.map((shard) => shard.SequenceNumberRange)).toEqual(
      Array(3).fill({ StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) }),
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
