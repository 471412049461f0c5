import { DescribeLimitsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { sendBody } from '../../../support/kinesis-access.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

const limits = () => kinesis.client.send(new DescribeLimitsCommand({}));

describe('DescribeLimits: serialization', () => {
  readsTypes(kinesis, 'DescribeLimits', {});

  it('ignores what its request does not have', async () => {
    expect(await sendBody(kinesis.client, 'DescribeLimits', '{"Limit":"x"}')).toHaveProperty('ShardLimit');
  });
});

describe('DescribeLimits: behaviour', () => {
  it('counts open shards and on-demand streams', async () => {
    const before = await limits();
    await kinesis.stream({});
    await expect
      .poll(limits, { timeout: kinesis.patience.timeoutMs, interval: kinesis.patience.intervalMs })
      .toMatchObject({ OnDemandStreamCount: (before.OnDemandStreamCount ?? 0) + 1, OpenShardCount: (before.OpenShardCount ?? 0) + 4 });
    expect(before).toMatchObject({ ShardLimit: expect.any(Number), OnDemandStreamCountLimit: expect.any(Number) });
  });
});
