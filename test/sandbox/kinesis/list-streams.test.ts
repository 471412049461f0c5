import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  KinesisClient,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();

describe('ListStreams', () => {
  it('lists nothing, then all streams by name, page by page', async () => {
    expect(await kinesis.client.send(new ListStreamsCommand({}))).toMatchObject({
      StreamNames: [],
      HasMoreStreams: false,
      StreamSummaries: [],
    });
    const names = [await kinesis.stream(), await kinesis.stream(), await kinesis.stream()];

    const first = await kinesis.client.send(new ListStreamsCommand({ Limit: 2 }));
    expect(first).toMatchObject({ StreamNames: names.slice(0, 2), HasMoreStreams: true });
    expect(first.StreamSummaries?.[0]).toMatchObject({
      StreamName: names[0],
      StreamARN: kinesis.arn(names[0] ?? ''),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });

    const byToken = await kinesis.client.send(new ListStreamsCommand({ NextToken: first.NextToken }));
    expect(byToken).toMatchObject({ StreamNames: names.slice(2), HasMoreStreams: false });
    expect(byToken.NextToken).toBeUndefined();
    const byName = await kinesis.client.send(new ListStreamsCommand({ ExclusiveStartStreamName: names[1] }));
    expect(byName.StreamNames).toEqual(names.slice(2));
  });

  it('lists the streams of one region only', async () => {
    const { endpoint, credentials } = kinesis.sandbox;
    const elsewhere = new KinesisClient({ endpoint, credentials, region: 'eu-west-1' });
    expect((await elsewhere.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    elsewhere.destroy();
  });

  it('refuses a token that it did not give', async () => {
    expect((await failureOf(kinesis.client.send(new ListStreamsCommand({ NextToken: 'AAAA' })))).name).toBe('InvalidArgumentException');
  });
});

describe('DescribeLimits', () => {
  it('counts open shards and on-demand streams', async () => {
    const before = await kinesis.client.send(new DescribeLimitsCommand({}));
    const name = await kinesis.stream({});
    expect(await kinesis.client.send(new DescribeLimitsCommand({}))).toMatchObject({
      ShardLimit: 20_000,
      OpenShardCount: (before.OpenShardCount ?? 0) + 4,
      OnDemandStreamCount: (before.OnDemandStreamCount ?? 0) + 1,
      OnDemandStreamCountLimit: 50,
    });
    await kinesis.client.send(new DeleteStreamCommand({ StreamName: name }));
  });

  it('knows smaller limits in smaller regions', async () => {
    const { endpoint, credentials } = kinesis.sandbox;
    const elsewhere = new KinesisClient({ endpoint, credentials, region: 'eu-north-1', maxAttempts: 1 });
    expect((await elsewhere.send(new DescribeLimitsCommand({}))).ShardLimit).toBe(1_000);
    const { message } = await failureOf(elsewhere.send(new CreateStreamCommand({ StreamName: 'wide', ShardCount: 1_001 })));
    expect(message).toContain('for the account 000000000000 in eu-north-1. Current shard count for the account: 0. Limit: 1000.');
    elsewhere.destroy();
  });
});
