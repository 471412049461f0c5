import type { OperationOf } from '../operation.ts';
import { eitherStream, pageLimit, shardId } from './constraints.ts';
import { shardDescription, streamDetails } from './description.ts';
import { shardNotFound } from './errors.ts';
import { onSharedStream, requestedStream } from './request.ts';
import { parseShardId } from './shard-id.ts';

const mostShards = 100;

export const describeStream: OperationOf<'kinesis', 'DescribeStream'> = {
  constraints: { Limit: pageLimit, ExclusiveStartShardId: shardId, ...eitherStream },
  ...onSharedStream,
  handle(input, context) {
    const stream = requestedStream(input, context);
    const after = input.ExclusiveStartShardId === undefined ? -1 : parseShardId(input.ExclusiveStartShardId);
    if (after === undefined) throw shardNotFound(input.ExclusiveStartShardId ?? '', stream.name, stream.account);
    const shards = stream.shards.filter((shard) => shard.index > after);
    const page = shards.slice(0, Math.min(input.Limit ?? mostShards, mostShards));
    return {
      StreamDescription: {
        ...streamDetails(stream),
        Shards: page.map(shardDescription),
        HasMoreShards: page.length < shards.length,
      },
    };
  },
};
