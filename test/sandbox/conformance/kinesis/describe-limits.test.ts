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
  // The account may have other streams, which come and go.
  it('counts at least the open shards and the on-demand stream that there are for sure', async () => {
    await kinesis.stream({});
    const { OnDemandStreamCount = 0, OpenShardCount = 0, ...quotas } = await limits();
    expect(OnDemandStreamCount).toBeGreaterThanOrEqual(1);
    expect(OpenShardCount).toBeGreaterThanOrEqual(4);
    expect(quotas).toMatchObject({ ShardLimit: expect.any(Number), OnDemandStreamCountLimit: expect.any(Number) });
  });
});
