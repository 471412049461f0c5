import type { SubscribeToShardEvent } from '@aws-sdk/client-kinesis';
import type { Clock } from '../../util/clock.ts';
import type { OperationOf } from '../operation.ts';
import { ReadyJson, type WithReadyMembers } from '../protocols/ready-json.ts';
import { sequenceNumber, shardId, streamId } from './constraints.ts';
import { fanOutBytesPerSecond, type Subscription, subscriptionLifetime } from './consumer.ts';
import { consumerArn, consumerResource, requestedConsumer } from './consumer-request.ts';
import { childShard } from './description.ts';
import { consumerNotActive, dryRun, shardDoesNotExist, shardNotFound } from './errors.ts';
import type { RecordText } from './record-text.ts';
import type { Position, Shard, ShardBatch } from './shard.ts';
import { parseShardId, shardIdOf } from './shard-id.ts';
import { startingPosition } from './starting-position.ts';
import type { Stream } from './stream.ts';
import { attachedPolicy } from './streams.ts';
import { TokenBucket } from './token-bucket.ts';

/** An event without records says that the subscription stands. How often AWS sends one is unverified; milliseconds. */
const heartbeat = 5_000;
/** What one event carries at the most is unverified; one record is sent even if it is larger. */
const mostRecords = 10_000;
const mostBytes = 1_048_576;

export const subscribeToShard: OperationOf<'kinesis', 'SubscribeToShard'> = {
  constraints: {
    ConsumerARN: { required: true, ...consumerArn },
    ShardId: { required: true, ...shardId },
    StartingPosition: {
      required: true,
      members: {
        Type: {
          required: true,
          values: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
        },
        SequenceNumber: sequenceNumber,
      },
    },
    StreamId: streamId,
  },
  resources: consumerResource,
  resourcePolicy: attachedPolicy,
  handle(input, context) {
    const { consumer, stream } = requestedConsumer({ ConsumerARN: input.ConsumerARN }, context);
    const index = parseShardId(input.ShardId ?? '');
    if (index === undefined) throw shardNotFound(input.ShardId ?? '', stream.name, stream.account);
    const shard = stream.shard(index);
    if (shard === undefined) throw shardDoesNotExist(shardIdOf(index), stream.name, stream.account);
    if (consumer.status !== 'ACTIVE') throw consumerNotActive(consumer, `stream: ${stream.name} , account ${stream.account}`);
    const { Type, SequenceNumber, Timestamp } = input.StartingPosition ?? {};
    const position = startingPosition({ type: Type, sequenceNumber: SequenceNumber, timestamp: Timestamp }, stream, shard);
    if (input.DryRun) throw dryRun();
    return { EventStream: push(stream, shard, position, consumer.subscribe(shard.id), context.over()) };
  },
};

/** The events of one subscription, until its time is over, something ends it, or the subscriber goes (`over` aborts). */
async function* push(
  stream: Stream,
  shard: Shard,
  start: Position,
  subscription: Subscription,
  over: AbortSignal,
): AsyncGenerator<{ readonly SubscribeToShardEvent: WithReadyMembers<SubscribeToShardEvent> }> {
  const { clock, shardLimits } = stream;
  const covered = (arrival: number) => stream.encryption.coveredAt(arrival);
  const throughput = shardLimits ? new TokenBucket(fanOutBytesPerSecond, clock.now()) : undefined;
  const end = subscription.begunAt + subscriptionLifetime;
  const leave = () => subscription.end();
  over.addEventListener('abort', leave, { once: true });
  try {
    let position = start;
    let heartbeatAt = clock.now();
    for (let now = clock.now(); now < end && !subscription.signal.aborted; now = clock.now()) {
      const used = throughput?.offers(1, now) === false;
      const batch = shard.lookText(position, { limit: used ? 0 : mostRecords, maxBytes: mostBytes }, covered);
      if (batch.records.count === 0 && !batch.atEnd && now < heartbeatAt) {
        const until = used && throughput ? now + throughput.untilFull(now) : heartbeatAt;
        await somethingNew(shard, Math.min(until, end) - now, clock, subscription.signal);
        continue;
      }
      throughput?.take(batch.bytes, now);
      position = batch.next;
      heartbeatAt = now + heartbeat;
      yield { SubscribeToShardEvent: event(stream, shard, batch) };
      if (batch.atEnd) return;
    }
    if (subscription.error) throw subscription.error;
  } finally {
    over.removeEventListener('abort', leave);
    subscription.end();
  }
}

function event(stream: Stream, shard: Shard, batch: ShardBatch<RecordText>): WithReadyMembers<SubscribeToShardEvent> {
  return {
    Records: new ReadyJson(batch.records),
    // A shard that has been read to its end has nothing to go on with but its children.
    ContinuationSequenceNumber: batch.atEnd ? undefined : shard.continuationAt(batch.next),
    MillisBehindLatest: batch.millisBehindLatest,
    ...(batch.atEnd && { ChildShards: stream.childrenOf(shard).map(childShard) }),
  };
}

/** Resolves when something happens to the shard, after `ms` of the sandbox's time, or when `signal` aborts. */
async function somethingNew(shard: Shard, ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  try {
    await Promise.race([shard.nextAppend(either), clock.sleep(ms, either)]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    enough.abort();
  }
}
