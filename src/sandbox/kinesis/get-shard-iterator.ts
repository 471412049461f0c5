import type { InputOf } from '../../util/sdk.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { eitherStream, sequenceNumber, shardId } from './constraints.ts';
import { dryRun, invalidArgument, shardDoesNotExist, shardNotFound, throughputExceeded } from './errors.ts';
import { referredStream, streamResource } from './request.ts';
import { parseSequenceNumber } from './sequence-number.ts';
import type { Position, Shard } from './shard.ts';
import { parseShardId, shardIdOf } from './shard-id.ts';
import { issueIterator } from './shard-iterator.ts';
import { type Stream, streamArn } from './stream.ts';
import { streamsOf } from './streams.ts';

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
  resources: streamResource,
  handle(input, context) {
    const { stream, shard } = requestedShard(input, context);
    const position = startingPosition(input, stream, shard);
    if (input.DryRun) throw dryRun();
    if (shard.limits?.admitIterator() === false) throw throughputExceeded(shard, stream);
    return { ShardIterator: issueIterator(context.cloud, stream, shard, position) };
  },
};

function requestedShard(input: Input, context: RequestContext): { stream: Stream; shard: Shard } {
  const { name, account } = referredStream(input, context);
  const index = parseShardId(input.ShardId ?? '');
  if (index === undefined) throw shardNotFound(input.ShardId ?? '', name, account);
  const stream = streamsOf(context.cloud, context).byArn(input.StreamARN ?? streamArn(context, name));
  const shard = stream?.shard(index);
  if (stream === undefined || shard === undefined) throw shardDoesNotExist(shardIdOf(index), name, account);
  return { stream, shard };
}

function startingPosition(input: Input, stream: Stream, shard: Shard): Position {
  const type = input.ShardIteratorType;
  const number = input.StartingSequenceNumber;
  const numbered = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (numbered !== (number !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${numbered ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return shard.trimHorizon();
    case 'LATEST':
      return shard.latest();
    case 'AT_TIMESTAMP':
      return shard.atTimestamp(startingTime(input, stream));
    case 'AT_SEQUENCE_NUMBER':
      return shard.at(ownNumber(number ?? '', stream, shard));
    case 'AFTER_SEQUENCE_NUMBER':
      return shard.after(ownNumber(number ?? '', stream, shard));
    case undefined:
      throw new Error('ShardIteratorType is required.');
    default:
      return unreachable(type);
  }
}

function startingTime(input: Input, stream: Stream): number {
  const time = input.Timestamp?.getTime();
  if (time === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  }
  const now = stream.clock.now();
  if (time > now) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${time}, currentTimestampInMillis: ${now}`,
    );
  }
  return time;
}

/** A sequence number that this shard gave out. */
function ownNumber(number: string, stream: Stream, shard: Shard): string {
  if (shard.owns(number)) return number;
  const parsed = parseSequenceNumber(number);
  if (parsed !== undefined && parsed.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(parsed.shardIndex)}, while it was used in a call to a shard with ${shard.id}`,
    );
  }
  const why = parsed === undefined ? '' : ' because it did not come from this stream';
  throw invalidArgument(
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ${stream.account} is invalid${why}.`,
  );
}
