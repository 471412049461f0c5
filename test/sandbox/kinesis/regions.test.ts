import { CreateStreamCommand, DescribeLimitsCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();

async function inRegion<T>(region: string, work: (client: KinesisClient) => Promise<T>): Promise<T> {
  const { endpoint, credentials } = kinesis.sandbox;
  const client = new KinesisClient({ endpoint, credentials, region, maxAttempts: 1 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

describe('a region', () => {
  it('has streams of its own', async () => {
    await kinesis.stream();
    expect(await inRegion('eu-west-1', (client) => client.send(new ListStreamsCommand({})))).toMatchObject({ StreamNames: [] });
  });

  it('has so many open shards and on-demand streams, which count against quotas', async () => {
    const before = await kinesis.client.send(new DescribeLimitsCommand({}));
    await kinesis.stream({});
    expect(await kinesis.client.send(new DescribeLimitsCommand({}))).toMatchObject({
      ShardLimit: 20_000,
      OpenShardCount: (before.OpenShardCount ?? 0) + 4,
      OnDemandStreamCount: (before.OnDemandStreamCount ?? 0) + 1,
      OnDemandStreamCountLimit: 50,
    });
  });

  it('has smaller limits where it is a smaller one', async () => {
    await inRegion('eu-north-1', async (client) => {
      expect((await client.send(new DescribeLimitsCommand({}))).ShardLimit).toBe(1_000);
      const { message } = await failureOf(client.send(new CreateStreamCommand({ StreamName: 'wide', ShardCount: 1_001 })));
      expect(message).toContain('for the account 000000000000 in eu-north-1. Current shard count for the account: 0. Limit: 1000.');
    });
  });
});
