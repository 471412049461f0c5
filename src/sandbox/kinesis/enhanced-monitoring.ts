import type { MetricsName } from '@aws-sdk/client-kinesis';
import type { Constraint, OperationOf, RequestContext } from '../operation.ts';
import { eitherStream } from './constraints.ts';
import { activeStream, type StreamReference, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

/** What can be measured for each shard, in the order in which the AWS CLI reference shows them (enable-enhanced-monitoring). */
const metrics = [
  'IncomingBytes',
  'OutgoingRecords',
  'IteratorAgeMilliseconds',
  'IncomingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
  'OutgoingBytes',
] as const satisfies readonly MetricsName[];

/** The order of the values is unverified. */
const shardLevelMetrics = {
  required: true,
  minLength: 1,
  maxLength: 7,
  each: { values: [...metrics, 'ALL'] },
} satisfies Constraint;

interface MonitoringInput extends StreamReference {
  readonly ShardLevelMetrics?: readonly MetricsName[] | undefined;
}

/**
 * Shard-level metrics (Kinesis API reference, EnableEnhancedMonitoring). The stream remembers and shows which ones are asked
 * for; the sandbox has no CloudWatch that they would be sent to. That the stream is UPDATING meanwhile is unverified.
 */
export const enableEnhancedMonitoring: OperationOf<'kinesis', 'EnableEnhancedMonitoring'> = {
  constraints: { ShardLevelMetrics: shardLevelMetrics, ...eitherStream },
  resources: streamResource,
  handle: (input, context) => change(input, context, (metric, named, current) => named.has(metric) || current.has(metric)),
};

/** The opposite of EnableEnhancedMonitoring (Kinesis API reference, DisableEnhancedMonitoring). */
export const disableEnhancedMonitoring: OperationOf<'kinesis', 'DisableEnhancedMonitoring'> = {
  constraints: { ShardLevelMetrics: shardLevelMetrics, ...eitherStream },
  resources: streamResource,
  handle: (input, context) => change(input, context, (metric, named, current) => current.has(metric) && !named.has(metric)),
};

function change(
  input: MonitoringInput,
  context: RequestContext,
  wanted: (metric: MetricsName, named: ReadonlySet<string>, current: ReadonlySet<string>) => boolean,
) {
  const stream = activeStream(input, context);
  const named = new Set<string>(input.ShardLevelMetrics?.includes('ALL') ? metrics : input.ShardLevelMetrics);
  const current = stream.shardLevelMetrics;
  const desired = metrics.filter((metric) => wanted(metric, named, new Set(current)));
  streamsOf(context.cloud, stream).update(stream, () => {
    stream.shardLevelMetrics = desired;
  });
  return {
    StreamName: stream.name,
    CurrentShardLevelMetrics: [...current],
    DesiredShardLevelMetrics: desired,
    StreamARN: stream.arn,
  };
}
