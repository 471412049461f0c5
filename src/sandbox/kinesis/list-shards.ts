import type { InputOf } from '../../util/sdk.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { nextToken, pageLimit, shardId, streamArn, streamId, streamName } from './constraints.ts';
import { shardDescription } from './description.ts';
import { invalidArgument, notActive, shardNotFound } from './errors.ts';
import { issuePageToken, openPageToken } from './page-token.ts';
import { requestedStream, streamResource } from './request.ts';
import type { Shard } from './shard.ts';
import { parseShardId } from './shard-id.ts';
import type { Stream } from './stream.ts';
import { attachedPolicy } from './streams.ts';

type Input = InputOf<'kinesis', 'ListShards'>;

const mostShards = 1_000;

/** What a list is made of; a page token carries it on. */
interface Selection {
  readonly stream: string;
  readonly after: number;
  readonly filter: string;
  /** Epoch milliseconds, for the filters that need a time. */
  readonly time: number;
}

export const listShards: OperationOf<'kinesis', 'ListShards'> = {
  constraints: {
    MaxResults: pageLimit,
    ExclusiveStartShardId: shardId,
    StreamName: streamName,
    NextToken: nextToken,
    ShardFilter: {
      members: {
        Type: {
          required: true,
          values: ['AFTER_SHARD_ID', 'AT_TRIM_HORIZON', 'FROM_TRIM_HORIZON', 'AT_LATEST', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'],
        },
        ShardId: shardId,
      },
    },
    StreamARN: streamArn,
    StreamId: streamId,
  },
  resources: (input, context) => {
    const selection = input.NextToken === undefined ? input : { StreamARN: continued(input.NextToken, input, context).stream };
    return streamResource(selection, context);
  },
  resourcePolicy: attachedPolicy,
  handle(input, context) {
    const selection = select(input, context);
    const stream = requestedStream({ StreamARN: selection.stream }, context);
    // A stream has shards when it is ACTIVE or UPDATING; that AWS answers so in the other states is unverified.
    if (!stream.writable) throw notActive(stream);
    const shards = stream.shards.filter((shard) => shard.index > selection.after && passes(shard, selection, stream));
    const page = shards.slice(0, Math.min(input.MaxResults ?? mostShards, mostShards));
    const last = page.at(-1);
    const more = page.length < shards.length && last !== undefined;
    return {
      Shards: page.map(shardDescription),
      ...(more && { NextToken: issuePageToken(context.cloud, 'shards', { ...selection, after: last.index }) }),
    };
  },
};

function select(input: Input, context: RequestContext): Selection {
  return input.NextToken === undefined ? newSelection(input, context) : continued(input.NextToken, input, context);
}

/** What a page token carries on, which says it all. @throws {AwsError} InvalidArgumentException, ExpiredNextTokenException */
function continued(token: string, input: Input, { cloud }: RequestContext): Selection {
  // The texts of all but StreamName and StreamARN are unverified.
  for (const member of ['StreamName', 'StreamARN', 'ExclusiveStartShardId', 'StreamCreationTimestamp', 'ShardFilter'] as const) {
    if (input[member] !== undefined) throw invalidArgument(`NextToken and ${member} cannot be provided together.`);
  }
  const { stream, after, filter, time } = openPageToken(cloud, 'shards', token);
  return { stream: String(stream), after: Number(after), filter: String(filter), time: Number(time) };
}

function newSelection(input: Input, context: RequestContext): Selection {
  if (input.StreamName === undefined && input.StreamARN === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  const stream = requestedStream(input, context);
  const filter = input.ShardFilter;
  const start = filter?.Type === 'AFTER_SHARD_ID' ? filter.ShardId : input.ExclusiveStartShardId;
  // The texts of the two errors are unverified.
  if (filter?.Type === 'AFTER_SHARD_ID' && start === undefined) throw invalidArgument('ShardFilter AFTER_SHARD_ID needs a ShardId.');
  const timed = filter?.Type === 'AT_TIMESTAMP' || filter?.Type === 'FROM_TIMESTAMP';
  if (timed && filter.Timestamp === undefined) throw invalidArgument(`ShardFilter ${filter.Type} needs a Timestamp.`);
  const after = start === undefined ? -1 : parseShardId(start);
  if (after === undefined) throw shardNotFound(start ?? '', stream.name, stream.account);
  return { stream: stream.arn, after, filter: filter?.Type ?? 'FROM_TRIM_HORIZON', time: filter?.Timestamp?.getTime() ?? 0 };
}

function passes(shard: Shard, { filter, time }: Selection, stream: Stream): boolean {
  const horizon = stream.clock.now() - stream.retentionMs;
  switch (filter) {
    case 'AT_LATEST':
      return !shard.closed;
    case 'AT_TRIM_HORIZON':
      return openAt(shard, Math.max(horizon, firstOpening(stream)));
    case 'AT_TIMESTAMP':
      return openAt(shard, time);
    case 'FROM_TIMESTAMP':
      return shard.closedAt === undefined || shard.closedAt >= time;
    default:
      return true;
  }
}

function openAt(shard: Shard, time: number): boolean {
  return shard.createdAt <= time && (shard.closedAt === undefined || shard.closedAt >= time);
}

/** Before this time the stream had no shards: its trim horizon cannot be older. */
function firstOpening(stream: Stream): number {
  return Math.min(...stream.shards.map((shard) => shard.createdAt));
}
