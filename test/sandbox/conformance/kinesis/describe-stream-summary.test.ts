import { DescribeStreamSummaryCommand, type DescribeStreamSummaryInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

async function summary(input: DescribeStreamSummaryInput) {
  return (await kinesis.client.send(new DescribeStreamSummaryCommand(input))).StreamDescriptionSummary;
}

describe('DescribeStreamSummary: serialization', () => {
  readsTypes(kinesis, 'DescribeStreamSummary', { StreamName: 'a String', StreamARN: 'a String', StreamId: 'a String' });
});

describe('DescribeStreamSummary: validation', () => {
  findsItsStream(kinesis, summary);
});

describe('DescribeStreamSummary: behaviour', () => {
  it('counts the open shards instead of listing them', async () => {
    const StreamName = await kinesis.shared(3);
    const stream = await summary({ StreamARN: kinesis.arn(StreamName) });
    expect(stream).toMatchObject({
      StreamName,
      StreamARN: kinesis.arn(StreamName),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: expect.any(Date),
      OpenShardCount: 3,
      ConsumerCount: 0,
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      MaxRecordSizeInKiB: 1024,
    });
    expect(stream).not.toHaveProperty('RecordDistributionStrategy');
    expect(stream).not.toHaveProperty('Shards');
  });

  it('says of an on-demand stream how it places records', async () => {
    const StreamName = await kinesis.stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await summary({ StreamName })).toMatchObject({ OpenShardCount: 4, RecordDistributionStrategy: 'USER_PARTITION_KEY' });
  });
});
