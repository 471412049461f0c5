import {
  DisableEnhancedMonitoringCommand,
  type DisableEnhancedMonitoringInput,
  EnableEnhancedMonitoringCommand,
  type MetricsName,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function disable(input: Partial<DisableEnhancedMonitoringInput>) {
  return kinesis.client.send(new DisableEnhancedMonitoringCommand({ ShardLevelMetrics: ['ALL'], ...input }));
}

function failure(input: Partial<DisableEnhancedMonitoringInput>) {
  return failureOf(disable(input));
}

describe('DisableEnhancedMonitoring: serialization', () => {
  readsTypes(kinesis, 'DisableEnhancedMonitoring', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    ShardLevelMetrics: 'a List',
    'ShardLevelMetrics[]': 'a String',
  });
});

describe('DisableEnhancedMonitoring: validation', () => {
  findsItsStream(kinesis, disable);

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

describe('DisableEnhancedMonitoring: behaviour', () => {
  it('takes away what is measured, and does not mind what is not; ALL takes away the rest', async () => {
    const StreamName = await kinesis.stream();
    const ShardLevelMetrics: MetricsName[] = ['IncomingRecords', 'IncomingBytes'];
    await kinesis.client.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }));
    await kinesis.settled(StreamName);
    expect(await disable({ StreamName, ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'] })).toMatchObject({
      CurrentShardLevelMetrics: expect.arrayContaining(ShardLevelMetrics),
      DesiredShardLevelMetrics: ['IncomingRecords'],
    });
    expect((await kinesis.settled(StreamName)).EnhancedMonitoring).toEqual([{ ShardLevelMetrics: ['IncomingRecords'] }]);
    expect((await disable({ StreamARN: kinesis.arn(StreamName) })).DesiredShardLevelMetrics).toEqual([]);
    expect((await kinesis.settled(StreamName)).EnhancedMonitoring).toEqual([{ ShardLevelMetrics: [] }]);
  });
});
