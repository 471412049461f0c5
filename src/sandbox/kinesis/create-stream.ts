import { tagging } from '../iam/besides.ts';
import type { OperationOf } from '../operation.ts';
import { maxRecordSize, streamMode, streamName, tags, warmThroughputMiBps } from './constraints.ts';
import { invalidInput, notImplemented, resourceInUse } from './errors.ts';
import { refuseShardsOverLimit, refuseStreamsOverLimit } from './quota.ts';
import { streamResource } from './request.ts';
import type { StreamMode } from './stream.ts';
import { streamsOf } from './streams.ts';
import { checkFirstTags } from './tags.ts';
import { warmShards } from './warm-throughput.ts';

const defaultMaxRecordKiB = 1024;

export const createStream: OperationOf<'kinesis', 'CreateStream'> = {
  constraints: {
    ShardCount: { min: 1, max: 100_000 },
    StreamName: { required: true, ...streamName },
    StreamModeDetails: { members: { StreamMode: streamMode } },
    Tags: tags,
    WarmThroughputMiBps: warmThroughputMiBps,
    MaxRecordSizeInKiB: maxRecordSize,
    RecordDistributionStrategy: { values: ['AUTO', 'USER_PARTITION_KEY'] },
  },
  resources: streamResource,
  // The permission for TagResource does not do here (Kinesis API reference, CreateStream).
  besides: ({ Tags }) => tagging('kinesis:AddTagsToStream', Tags),
  handle(input, context) {
    const name = input.StreamName ?? '';
    const streams = streamsOf(context.cloud, context);
    if (streams.find(name)) throw resourceInUse(`Stream ${name} under account ${context.account} already exists.`);
    if (input.RecordDistributionStrategy === 'AUTO') throw notImplemented('RecordDistributionStrategy AUTO');
    // Neither a shard count nor a mode makes an on-demand stream (AWS documentation).
    const mode = input.StreamModeDetails?.StreamMode ?? (input.ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED');
    const shardCount = plannedShards(mode, input.ShardCount, warmShards(input.WarmThroughputMiBps, mode, context));
    refuseStreamsOverLimit(streams.all(), mode, context.account, context.region);
    refuseShardsOverLimit(streams.all(), shardCount, context.account, context.region);
    const given = input.Tags ?? {};
    checkFirstTags(given, name, context.account);
    streams.create({ name, mode, shardCount, maxRecordKiB: input.MaxRecordSizeInKiB ?? defaultMaxRecordKiB, tags: given });
    return {};
  },
};

/** The texts of the two errors are unverified. */
function plannedShards(mode: StreamMode, requested: number | undefined, warm: number): number {
  if (mode === 'ON_DEMAND') {
    if (requested !== undefined) throw invalidInput('ShardCount cannot be specified for a stream in ON_DEMAND mode.');
    return warm;
  }
  if (requested === undefined) throw invalidInput('ShardCount must be specified for a stream in PROVISIONED mode.');
  return requested;
}
