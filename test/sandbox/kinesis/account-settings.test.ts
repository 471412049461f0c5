import { DescribeAccountSettingsCommand, UpdateAccountSettingsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { manualClock } from '../../support/manual-clock.ts';

const clock = manualClock(Date.now());
const kinesis = kinesisSandbox({ clock });
const day = 86_400_000;

async function update(Status: 'ENABLED' | 'DISABLED') {
  const command = new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment: { Status } });
  return (await kinesis.client.send(command)).MinimumThroughputBillingCommitment;
}

async function commitment() {
  return (await kinesis.client.send(new DescribeAccountSettingsCommand({}))).MinimumThroughputBillingCommitment;
}

describe('the commitment of an account to a minimum of throughput', () => {
  it('begins when it is asked for, cannot end on the same day, and then ends by itself', async () => {
    expect(await commitment()).toEqual({ Status: 'DISABLED' });
    const StartedAt = new Date(clock.now());
    const times = { StartedAt, EarliestAllowedEndAt: new Date(StartedAt.getTime() + day) };
    expect(await update('ENABLED')).toEqual({ Status: 'ENABLED', ...times });
    await clock.advance(60_000);
    expect(await update('ENABLED')).toEqual({ Status: 'ENABLED', ...times });
    expect(await update('DISABLED')).toEqual({ Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END', ...times });
    await clock.advance(day);
    expect(await commitment()).toEqual({ Status: 'DISABLED', ...times, EndedAt: times.EarliestAllowedEndAt });
    expect((await update('ENABLED'))?.StartedAt).toEqual(new Date(clock.now()));
  });
});
