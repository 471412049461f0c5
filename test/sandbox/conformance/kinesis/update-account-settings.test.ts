import { DescribeAccountSettingsCommand, UpdateAccountSettingsCommand, type UpdateAccountSettingsInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { invalid, notNull, oneOf } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function update(MinimumThroughputBillingCommitment: UpdateAccountSettingsInput['MinimumThroughputBillingCommitment']) {
  return kinesis.client.send(new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment }));
}

describe('UpdateAccountSettings: serialization', () => {
  readsTypes(kinesis, 'UpdateAccountSettings', {
    MinimumThroughputBillingCommitment: 'a Structure',
    'MinimumThroughputBillingCommitment.Status': 'a String',
  });
});

describe('UpdateAccountSettings: validation', () => {
  it('needs a commitment with a status', async () => {
    expect(await failureOf(update(undefined))).toEqual(invalid(['minimumThroughputBillingCommitment', null, notNull]));
    expect(await failureOf(update({ Status: undefined }))).toEqual(invalid(['minimumThroughputBillingCommitment.status', null, notNull]));
  });

  it('knows two of them', async () => {
    expect(await failureOf(update({ Status: 'SOME' as 'ENABLED' }))).toEqual(
      invalid(['minimumThroughputBillingCommitment.status', 'SOME', oneOf('ENABLED', 'DISABLED')]),
    );
  });
});

describe('UpdateAccountSettings: behaviour', () => {
  // To begin a commitment costs a fortune on AWS; the sandbox's own tests do.
  it('leaves an account as it is that has made none and wants none', async () => {
    const { MinimumThroughputBillingCommitment: before } = await kinesis.client.send(new DescribeAccountSettingsCommand({}));
    if (before?.Status !== 'DISABLED') return;
    expect((await update({ Status: 'DISABLED' })).MinimumThroughputBillingCommitment).toEqual(before);
  });
});
