import type { InputOf } from '../../util/sdk.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { eitherStream, sequenceNumber, shardId } from './constraints.ts';
import { dryRun, shardDoesNotExist, shardNotFound, throughputExceeded } from './errors.ts';
import { findStream, onSharedStream, referredStream } from './request.ts';
import type { Shard } from './shard.ts';
import { parseShardId, shardIdOf } from './shard-id.ts';
import { issueIterator } from './shard-iterator.ts';
import { startingPosition } from './starting-position.ts';
import { type Stream, streamArn } from './stream.ts';

type Input = InputOf<'kinesis', 'GetShardIterator'>;

export const getShardIterator: OperationOf<'kinesis', 'GetShardIterator'> = {
  constraints: {
    ShardId: { required: true, ...shardId },
    ShardIteratorType: {
      required: true,
      values: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
    },
    StartingSequenceNumber: sequenceNumber,
    ...eitherStream,
  },
  ...onSharedStream,
  handle(input, context) {
    const { stream, shard } = requestedShard(input, context);
    const start = { type: input.ShardIteratorType, sequenceNumber: input.StartingSequenceNumber, timestamp: input.Timestamp };
    const position = startingPosition(start, stream, shard);
    if (input.DryRun) throw dryRun();
    if (shard.limits?.admitIterator() === false) throw throughputExceeded(shard, stream);
    return { ShardIterator: issueIterator(context.cloud, stream, shard, position) };
  },
};

function requestedShard(input: Input, context: RequestContext): { stream: Stream; shard: Shard } {
  const { name, account } = referredStream(input, context);
  const index = parseShardId(input.ShardId ?? '');
  if (index === undefined) throw shardNotFound(input.ShardId ?? '', name, account);
  const stream = findStream(input.StreamARN ?? streamArn(context, name), context);
  const shard = stream?.shard(index);
  if (stream === undefined || shard === undefined) throw shardDoesNotExist(shardIdOf(index), name, account);
  return { stream, shard };
}
