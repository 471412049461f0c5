import { DescribeStreamCommand, type DescribeStreamInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, atMost, emptyName, invalid } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

async function describeStream(input: DescribeStreamInput) {
  return (await kinesis.client.send(new DescribeStreamCommand(input))).StreamDescription;
}

describe('DescribeStream: serialization', () => {
  readsTypes(kinesis, 'DescribeStream', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    Limit: 'an Integer',
    ExclusiveStartShardId: 'a String',
  });
});

describe('DescribeStream: validation', () => {
  findsItsStream(kinesis, describeStream);

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failureOf(describeStream({ StreamName: '', ExclusiveStartShardId: '', Limit: 0 }))).toEqual(
      invalid(['limit', '0', atLeast(1)], ...emptyName('exclusiveStartShardId'), ...emptyName('streamName')),
    );
    expect(await failureOf(describeStream({ StreamName: 'a', Limit: 10_001 }))).toEqual(invalid(['limit', '10001', atMost(10_000)]));
  });

  it('refuses to begin after what is no shard', async () => {
    const StreamName = await kinesis.shared();
    expect(await failureOf(describeStream({ StreamName, ExclusiveStartShardId: 'ABKLFD8' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ABKLFD8 in stream ${StreamName} under account ${kinesis.account}.`,
    });
  });
});

describe('DescribeStream: behaviour', () => {
  it('finds a stream by its name, by its ARN, and by both', async () => {
    const StreamName = await kinesis.shared(3);
    const StreamARN = kinesis.arn(StreamName);
    for (const reference of [{ StreamName }, { StreamARN }, { StreamName, StreamARN }]) {
      expect((await describeStream(reference))?.StreamARN).toBe(StreamARN);
    }
  });

  it('says everything of a stream and its shards, and nothing of a key where there is none', async () => {
    const StreamName = await kinesis.shared();
    const stream = await describeStream({ StreamName });
    expect(stream).toEqual({
      StreamName,
      StreamARN: kinesis.arn(StreamName),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: expect.any(Date),
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      HasMoreShards: false,
      Shards: [
        {
          ShardId: 'shardId-000000000000',
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^49\d{54}$/) },
        },
      ],
    });
    expect(stream).not.toHaveProperty('KeyId');
  });

  it('lists shards page by page', async () => {
    const StreamName = await kinesis.shared(3);
    const first = await describeStream({ StreamName, Limit: 2 });
    expect(first?.Shards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000000', 'shardId-000000000001']);
    expect(first?.HasMoreShards).toBe(true);
    const rest = await describeStream({ StreamName, ExclusiveStartShardId: 'shardId-000000000001' });
    expect(rest?.Shards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000002']);
    expect(rest?.HasMoreShards).toBe(false);
  });
});
