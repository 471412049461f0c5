import type { OperationOf, RequestContext } from '../operation.ts';
import { ReadyJson } from '../protocols/ready-json.ts';
import { pageLimit, streamArn, streamId } from './constraints.ts';
import { childShard } from './description.ts';
import { dryRun, invalidArgument, shardDoesNotExist, throughputExceeded } from './errors.ts';
import { findStream } from './request.ts';
import type { Position, Shard } from './shard.ts';
import { shardIdOf } from './shard-id.ts';
import { issueIterator, openIterator, readIterator, type ShardIterator } from './shard-iterator.ts';
import type { Stream } from './stream.ts';
import { attachedPolicy, streamNameOf } from './streams.ts';

const mostRecords = 10_000;
const mostBytes = 10 * 1024 * 1024;

export const getRecords: OperationOf<'kinesis', 'GetRecords'> = {
  constraints: {
    Limit: pageLimit,
    ShardIterator: { required: true, minLength: 1, maxLength: 512 },
    StreamARN: streamArn,
    StreamId: streamId,
  },
  resources: (input, { cloud }) => [input.StreamARN ?? readIterator(cloud, input.ShardIterator ?? '')?.streamArn ?? '*'],
  resourcePolicy: attachedPolicy,
  handle(input, context) {
    const iterator = openIterator(context.cloud, input.ShardIterator ?? '', context.fault === 'expired-iterator');
    // The text is unverified.
    if (input.StreamARN !== undefined && input.StreamARN !== iterator.streamArn) {
      throw invalidArgument(`StreamARN ${input.StreamARN} does not match the stream of the ShardIterator.`);
    }
    const { stream, shard, position } = iteratedShard(iterator, context);
    if (input.DryRun) throw dryRun();
    if (shard.limits?.admitRead() === false) throw throughputExceeded(shard, stream);
    const most = { limit: input.Limit ?? mostRecords, maxBytes: mostBytes };
    const batch = shard.readText(position, most, (arrival) => stream.encryption.coveredAt(arrival));
    return {
      Records: new ReadyJson(batch.records),
      MillisBehindLatest: batch.millisBehindLatest,
      ...(batch.atEnd
        ? { ChildShards: stream.childrenOf(shard).map(childShard) }
        : { NextShardIterator: issueIterator(context.cloud, stream, shard, batch.next) }),
    };
  },
};

function iteratedShard(iterator: ShardIterator, context: RequestContext): { stream: Stream; shard: Shard; position: Position } {
  const stream = findStream(iterator.streamArn, context);
  const shard = stream?.shard(iterator.shardIndex);
  if (stream === undefined || shard === undefined) {
    throw shardDoesNotExist(shardIdOf(iterator.shardIndex), streamNameOf(iterator.streamArn) ?? '', context.account);
  }
  // All records of a stream that was created anew come after the iterator's place in the old one.
  return { stream, shard, position: iterator.shardCreatedAt === shard.createdAt ? iterator.position : shard.trimHorizon() };
}
