import { DescribeAccountSettingsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { sendBody } from '../../../support/kinesis-access.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

describe('DescribeAccountSettings: serialization', () => {
  readsTypes(kinesis, 'DescribeAccountSettings', {});

  it('ignores what its request does not have', async () => {
    const answer = await sendBody(kinesis.client, 'DescribeAccountSettings', '{"Status":1}');
    expect(answer).toHaveProperty('MinimumThroughputBillingCommitment');
  });
});

describe('DescribeAccountSettings: behaviour', () => {
  it('says whether the account is committed to a minimum of throughput', async () => {
    const { MinimumThroughputBillingCommitment: commitment } = await kinesis.client.send(new DescribeAccountSettingsCommand({}));
    expect(commitment?.Status).toMatch(/^(DISABLED|ENABLED|ENABLED_UNTIL_EARLIEST_ALLOWED_END)$/);
  });
});
