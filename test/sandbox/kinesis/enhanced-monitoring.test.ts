import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  type MetricsName,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox, waiting } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const slow = kinesisSandbox({ delays: { ...endlessDelays, streamCreate: 10 } });

const enable = (StreamName: string, ...ShardLevelMetrics: MetricsName[]) =>
  kinesis.client.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }));
const disable = (StreamName: string, ...ShardLevelMetrics: MetricsName[]) =>
  kinesis.client.send(new DisableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }));

/** What both operations that describe a stream say is measured of its shards. */
async function measured(StreamName: string): Promise<readonly string[]> {
  await waitUntilStreamExists({ client: kinesis.client, ...waiting }, { StreamName });
  const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamName }));
  const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(StreamDescriptionSummary?.EnhancedMonitoring).toEqual(StreamDescription?.EnhancedMonitoring);
  return StreamDescription?.EnhancedMonitoring?.flatMap(({ ShardLevelMetrics = [] }) => ShardLevelMetrics) ?? [];
}

describe('EnableEnhancedMonitoring and DisableEnhancedMonitoring', () => {
  it('answer with what was measured before and what will be, and descriptions of the stream show it', async () => {
    const StreamName = await kinesis.stream();
    expect(await measured(StreamName)).toEqual([]);
    const names = { StreamName, StreamARN: kinesis.arn(StreamName) };
    expect(await enable(StreamName, 'IncomingRecords', 'IncomingBytes')).toMatchObject({
      ...names,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'],
    });
    expect(await measured(StreamName)).toEqual(['IncomingBytes', 'IncomingRecords']);
    expect(await disable(StreamName, 'IncomingBytes', 'OutgoingBytes')).toMatchObject({
      ...names,
      CurrentShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'],
      DesiredShardLevelMetrics: ['IncomingRecords'],
    });
    expect(await measured(StreamName)).toEqual(['IncomingRecords']);
  });

  it('take ALL for each of the seven metrics', async () => {
    const StreamName = await kinesis.stream();
    expect((await enable(StreamName, 'ALL')).DesiredShardLevelMetrics).toHaveLength(7);
    expect(await measured(StreamName)).toContain('IteratorAgeMilliseconds');
    expect((await disable(StreamName, 'ALL')).DesiredShardLevelMetrics).toEqual([]);
    expect(await measured(StreamName)).toEqual([]);
  });

  it('refuse no metrics, others than there are, and a stream that is not there', async () => {
    const message = expect.stringContaining("at 'shardLevelMetrics' failed to satisfy constraint: Member must");
    expect(await failureOf(enable('nowhere'))).toEqual({ name: 'ValidationException', message });
    expect(await failureOf(enable('nowhere', 'Everything' as MetricsName))).toEqual({ name: 'ValidationException', message });
    expect(await failureOf(disable('nowhere', 'ALL'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  });

  it('need a stream that is ACTIVE', async () => {
    const StreamName = await slow.stream();
    const again = () => slow.client.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] }));
    await again();
    expect(await failureOf(again())).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state UPDATING`,
    });
  });
});
