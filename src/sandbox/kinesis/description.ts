import type { ChildShard, HashKeyRange, Shard as ShardDescription } from '@aws-sdk/client-kinesis';
import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';

/** What DescribeStream and DescribeStreamSummary both say of a stream. */
export function streamFacts(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    StreamCreationTimestamp: new Date(stream.createdAt),
  };
}

/** And what they say of it beyond what ListStreams says. */
export function streamDetails(stream: Stream) {
  return {
    ...streamFacts(stream),
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [...stream.shardLevelMetrics] }],
    EncryptionType: stream.encryption.type,
    ...(stream.encryption.keyId !== undefined && { KeyId: stream.encryption.keyId }),
  };
}

export function shardDescription(shard: Shard): ShardDescription {
  const { parent, adjacentParent } = shard.parents;
  const ending = shard.endingSequenceNumber;
  return {
    ShardId: shard.id,
    ...(parent !== undefined && { ParentShardId: parent }),
    ...(adjacentParent !== undefined && { AdjacentParentShardId: adjacentParent }),
    HashKeyRange: hashKeyRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: shard.startingSequenceNumber,
      ...(ending !== undefined && { EndingSequenceNumber: ending }),
    },
  };
}

/** What is said of a record that was just put: nothing, unless the stream is encrypted. */
export function encryptionOf({ encryption }: Stream) {
  return encryption.type === 'KMS' ? { EncryptionType: encryption.type } : {};
}

/** How GetRecords names the shards that follow one which has been read to its end. */
export function childShard(shard: Shard): ChildShard {
  return {
    ShardId: shard.id,
    ParentShards: Object.values(shard.parents),
    HashKeyRange: hashKeyRange(shard),
  };
}

function hashKeyRange({ range }: Shard): HashKeyRange {
  return { StartingHashKey: String(range.start), EndingHashKey: String(range.end) };
}
