import { DescribeStreamCommand, type DescribeStreamInput, DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();

function failure(input: DescribeStreamInput) {
  return failureOf(kinesis.client.send(new DescribeStreamCommand(input)));
}

describe('DescribeStream refuses', () => {
  it('limits and names that break their constraints', async () => {
    expect((await failure({ StreamName: '', ExclusiveStartShardId: '', Limit: 0 })).message).toBe(
      "5 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '' at 'exclusiveStartShardId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'exclusiveStartShardId' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('a stream that does not exist, by name and by ARN', async () => {
    const notFound = { name: 'ResourceNotFoundException', message: 'Stream nowhere under account 000000000000 not found.' };
    expect(await failure({ StreamName: 'nowhere' })).toEqual(notFound);
    expect(await failure({ StreamARN: kinesis.arn('nowhere') })).toEqual(notFound);
  });

  it('a stream of another region or account, even if the name is right', async () => {
    const name = await kinesis.stream();
    expect(await failure({ StreamARN: `arn:aws:kinesis:eu-west-1:000000000000:stream/${name}` })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Stream ${name} under account 000000000000 not found.`,
    });
    expect((await failure({ StreamARN: `arn:aws:kinesis:us-east-1:999999999999:stream/${name}` })).name).toBe('AccessDeniedException');
  });

  it('a request that names no stream, or two', async () => {
    const name = await kinesis.stream();
    expect((await failure({})).name).toBe('InvalidArgumentException');
    expect((await failure({ StreamName: 'other', StreamARN: kinesis.arn(name) })).name).toBe('InvalidArgumentException');
  });
});

describe('DescribeStream', () => {
  it('finds a stream by name, by ARN, and by both', async () => {
    const StreamName = await kinesis.stream();
    const StreamARN = kinesis.arn(StreamName);
    for (const reference of [{ StreamName }, { StreamARN }, { StreamName, StreamARN }]) {
      const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand(reference));
      expect(StreamDescription?.StreamARN).toBe(StreamARN);
    }
  });

  it('lists a hundred shards at once and the others from where it stopped', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 102 });
    const first = (await kinesis.client.send(new DescribeStreamCommand({ StreamName, Limit: 1000 }))).StreamDescription;
    expect(first?.Shards).toHaveLength(100);
    expect(first?.HasMoreShards).toBe(true);
    const last = first?.Shards?.at(-1)?.ShardId;
    const rest = (await kinesis.client.send(new DescribeStreamCommand({ StreamName, ExclusiveStartShardId: last }))).StreamDescription;
    expect(rest?.Shards?.map((shard) => shard.ShardId)).toEqual(['shardId-000000000100', 'shardId-000000000101']);
    expect(rest?.HasMoreShards).toBe(false);
  });
});

describe('DescribeStreamSummary', () => {
  it('counts the open shards instead of listing them', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 3 });
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({
      StreamName,
      StreamStatus: 'ACTIVE',
      OpenShardCount: 3,
      ConsumerCount: 0,
      RetentionPeriodHours: 24,
      MaxRecordSizeInKiB: 1024,
    });
    expect(StreamDescriptionSummary).not.toHaveProperty('RecordDistributionStrategy');
  });

  it('says of an on-demand stream how it places records', async () => {
    const StreamName = await kinesis.stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 4, RecordDistributionStrategy: 'USER_PARTITION_KEY' });
  });

  it('refuses a stream that does not exist', async () => {
    const { name } = await failureOf(kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName: 'nowhere' })));
    expect(name).toBe('ResourceNotFoundException');
  });
});
