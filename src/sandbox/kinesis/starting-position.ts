import { unreachable } from '../../util/unreachable.ts';
import { invalidArgument } from './errors.ts';
import { parseSequenceNumber } from './sequence-number.ts';
import type { Position, Shard } from './shard.ts';
import { shardIdOf } from './shard-id.ts';
import type { Stream } from './stream.ts';

/** Where a request says that reading a shard begins. */
export interface RequestedStart {
  readonly type: 'AFTER_SEQUENCE_NUMBER' | 'LATEST' | 'AT_TIMESTAMP' | 'AT_SEQUENCE_NUMBER' | 'TRIM_HORIZON' | undefined;
  readonly sequenceNumber: string | undefined;
  readonly timestamp: Date | undefined;
}

/**
 * The place in a shard that is meant.
 * @throws {AwsError} InvalidArgumentException, in the words of GetShardIterator; those of SubscribeToShard are unverified.
 */
export function startingPosition(start: RequestedStart, stream: Stream, shard: Shard): Position {
  const { type, sequenceNumber: number } = start;
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
      return shard.atTimestamp(startingTime(start.timestamp, stream));
    case 'AT_SEQUENCE_NUMBER':
      return shard.at(ownNumber(number ?? '', stream, shard));
    case 'AFTER_SEQUENCE_NUMBER':
      return shard.after(ownNumber(number ?? '', stream, shard));
    case undefined:
      throw new Error('The type of a starting position is required.');
    default:
      return unreachable(type);
  }
}

function startingTime(timestamp: Date | undefined, stream: Stream): number {
  const time = timestamp?.getTime();
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
  const encoded = parsed?.shardIndex ?? simpleIndex(number);
  if (encoded !== undefined && encoded !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(encoded)}, while it was used in a call to a shard with ${shard.id}`,
    );
  }
  const why = parsed === undefined ? '' : ' because it did not come from this stream';
  throw invalidArgument(
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ${stream.account} is invalid${why}.`,
  );
}

/** In the first layout that there was, of which no stream is left, small numbers were nothing but the index of a shard. */
function simpleIndex(number: string): number | undefined {
  return /^\d{1,9}$/.test(number) ? Number(number) : undefined;
}
