import { DescribeStreamCommand, GetRecordsCommand, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { kinesisSandbox } from '../../support/kinesis.ts';

// More than anybody would like to pay for on AWS.

const kinesis = kinesisSandbox();

describe('one answer holds', () => {
  it('a hundred shards of DescribeStream, whatever the limit', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 102 });
    const first = (await kinesis.client.send(new DescribeStreamCommand({ StreamName, Limit: 1000 }))).StreamDescription;
    expect(first?.Shards).toHaveLength(100);
    expect(first?.HasMoreShards).toBe(true);
    const ExclusiveStartShardId = first?.Shards?.at(-1)?.ShardId;
    const rest = (await kinesis.client.send(new DescribeStreamCommand({ StreamName, ExclusiveStartShardId }))).StreamDescription;
    expect(rest?.Shards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000000100', 'shardId-000000000101']);
    expect(rest?.HasMoreShards).toBe(false);
  });

  it('a thousand shards of ListShards', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1001 });
    const { Shards, NextToken } = await kinesis.client.send(new ListShardsCommand({ StreamName }));
    expect(Shards).toHaveLength(1000);
    const rest = await kinesis.client.send(new ListShardsCommand({ NextToken }));
    expect(rest.Shards?.map(({ ShardId }) => ShardId)).toEqual(['shardId-000000001000']);
  });

  it('10 MiB of records', async () => {
    const StreamName = await kinesis.stream();
    const megabyte = { PartitionKey: 'a', Data: Buffer.alloc(1_000_000) };
    for (let count = 0; count < 3; count += 1) {
      await kinesis.client.send(new PutRecordsCommand({ StreamName, Records: Array(4).fill(megabyte) }));
    }
    const { Records, NextShardIterator } = await kinesis.read(StreamName);
    expect(Records).toHaveLength(10);
    expect((await kinesis.client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).Records).toHaveLength(2);
  });

  it('10,000 records', async () => {
    const StreamName = await kinesis.stream();
    const Records = Array(500).fill({ PartitionKey: 'a', Data: Buffer.from('x') });
    for (let count = 0; count < 21; count += 1) await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
    const first = await kinesis.read(StreamName);
    expect(first.Records).toHaveLength(10_000);
    const rest = await kinesis.client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));
    expect(rest.Records).toHaveLength(500);
  });
});
