import { EnableEnhancedMonitoringCommand, type EnableEnhancedMonitoringInput, type MetricsName } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function enable(input: Partial<EnableEnhancedMonitoringInput>) {
  return kinesis.client.send(new EnableEnhancedMonitoringCommand({ ShardLevelMetrics: ['ALL'], ...input }));
}

function failure(input: Partial<EnableEnhancedMonitoringInput>) {
  return failureOf(enable(input));
}

describe('EnableEnhancedMonitoring: serialization', () => {
  readsTypes(kinesis, 'EnableEnhancedMonitoring', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    ShardLevelMetrics: 'a List',
    'ShardLevelMetrics[]': 'a String',
  });
});

describe('EnableEnhancedMonitoring: validation', () => {
  findsItsStream(kinesis, enable);

  it('needs metrics, from 1 to 7', async () => {
    expect(await failure({ StreamName: 'a', ShardLevelMetrics: undefined })).toEqual(invalid(['shardLevelMetrics', null, notNull]));
    expect(await failure({ StreamName: '', ShardLevelMetrics: [] })).toEqual(
      invalid(['shardLevelMetrics', '[]', noShorter(1)], ...emptyName('streamName')),
    );
    const eight = Array<MetricsName>(8).fill('ALL');
    expect(await failure({ StreamName: 'a', ShardLevelMetrics: eight })).toEqual(
      invalid(['shardLevelMetrics', `[${eight.join(', ')}]`, noLonger(7)]),
    );
  });

  it('knows seven metrics, and ALL', async () => {
    const { name, message } = await failure({ StreamName: 'a', ShardLevelMetrics: ['Everything' as MetricsName] });
    expect(name).toBe('ValidationException');
    expect(message).toMatch(/'\[Everything\]' at 'shardLevelMetrics' .*\[Member must satisfy enum value set: \[.*ALL\]/);
  });
});

describe('EnableEnhancedMonitoring: behaviour', () => {
  it('answers with what was measured before and what will be, and the stream shows it', async () => {
    const StreamName = await kinesis.stream();
    const { $metadata: _, ...answer } = await enable({ StreamName, ShardLevelMetrics: ['IncomingRecords', 'IncomingBytes'] });
    const sorted = (metrics: readonly string[] = []) => [...metrics].sort();
    expect({ ...answer, DesiredShardLevelMetrics: sorted(answer.DesiredShardLevelMetrics) }).toEqual({
      StreamName,
      StreamARN: kinesis.arn(StreamName),
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'],
    });
    const { EnhancedMonitoring } = await kinesis.settled(StreamName);
    expect(sorted(EnhancedMonitoring?.[0]?.ShardLevelMetrics)).toEqual(['IncomingBytes', 'IncomingRecords']);
  });

  it('takes ALL for each of the seven metrics', async () => {
    const StreamName = await kinesis.stream();
    expect((await enable({ StreamARN: kinesis.arn(StreamName) })).DesiredShardLevelMetrics).toHaveLength(7);
    expect((await kinesis.settled(StreamName)).EnhancedMonitoring?.[0]?.ShardLevelMetrics).toHaveLength(7);
  });
});
