import {
  CreateStreamCommand,
  DeregisterStreamConsumerCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it, vi } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { startSandbox } from '../../../src/sandbox/start.ts';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { patience } from '../../support/patience.ts';
import { texts } from '../../support/stream-use.ts';

const clock = manualClock(Date.now());
const atOnce = { ...quickDelays, streamCreate: 0, streamUpdate: 0, streamDelete: 0, consumerRegister: 0, consumerDeregister: 0 };
const kinesis = kinesisSandbox({ clock, delays: atOnce });

const shardId = 'shardId-000000000000';

async function put(StreamName: string, ...data: readonly string[]): Promise<void> {
  for (const each of data) {
    await kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from(each) }));
  }
}

/** A stream with an ACTIVE consumer. */
async function consumed(): Promise<{ readonly name: string; readonly consumer: string }> {
  const name = kinesis.newName();
  await kinesis.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await clock.advance(1);
  const StreamARN = kinesis.arn(name);
  const { Consumer } = await kinesis.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
  await clock.advance(1);
  return { name, consumer: Consumer?.ConsumerARN ?? '' };
}

async function subscribe(
  ConsumerARN: string,
  start: Partial<StartingPosition> = { Type: 'TRIM_HORIZON' },
  client = kinesis.client,
): Promise<AsyncIterator<SubscribeToShardEvent>> {
  const StartingPosition = start as StartingPosition;
  const { EventStream } = await client.send(new SubscribeToShardCommand({ ConsumerARN, ShardId: shardId, StartingPosition }));
  if (EventStream === undefined) throw new Error('No event stream came.');
  return events(EventStream);
}

async function* events(stream: AsyncIterable<{ SubscribeToShardEvent?: SubscribeToShardEvent }>): AsyncGenerator<SubscribeToShardEvent> {
  for await (const { SubscribeToShardEvent } of stream) if (SubscribeToShardEvent) yield SubscribeToShardEvent;
}

async function next(subscription: AsyncIterator<SubscribeToShardEvent>): Promise<SubscribeToShardEvent> {
  const { value, done } = await subscription.next();
  if (done) throw new Error('The subscription has ended.');
  return value;
}

describe('SubscribeToShard', () => {
  it('pushes what is there, then each record as it arrives', async () => {
    const { name, consumer } = await consumed();
    await put(name, 'one', 'two');
    const subscription = await subscribe(consumer);
    const first = await next(subscription);
    expect(texts(first)).toEqual(['one', 'two']);
    expect(first.MillisBehindLatest).toBe(0);

    await put(name, 'three');
    expect(texts(await next(subscription))).toEqual(['three']);
  });

  it.each(['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const)(
    'goes on %s with the continuation number of an earlier subscription, which is that of no record',
    async (Type) => {
      const { name, consumer } = await consumed();
      await put(name, 'one');
      const { Records, ContinuationSequenceNumber = '' } = await next(await subscribe(consumer));
      await put(name, 'two');
      await clock.advance(5_000);
      const later = await next(await subscribe(consumer, { Type, SequenceNumber: ContinuationSequenceNumber }));
      expect(texts(later)).toEqual(['two']);
      const numbers = [Records?.[0]?.SequenceNumber, ContinuationSequenceNumber, later.Records?.[0]?.SequenceNumber];
      expect([...new Set(numbers)].sort()).toEqual(numbers);
    },
  );

  it('sends an event without records when nothing arrives, whose number leads on to what comes', async () => {
    const { name, consumer } = await consumed();
    await put(name, 'before');
    const subscription = await subscribe(consumer, { Type: 'LATEST' });
    const heartbeat = await next(subscription);
    expect(heartbeat).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    const waited = next(subscription);
    await clock.advance(5_000);
    const { Records, ContinuationSequenceNumber = '' } = await waited;
    expect(Records).toEqual([]);
    expect(ContinuationSequenceNumber > (heartbeat.ContinuationSequenceNumber ?? ''), 'it tells of progress').toBe(true);

    await put(name, 'after');
    const SequenceNumber = heartbeat.ContinuationSequenceNumber;
    const again = await subscribe(consumer, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
    expect(texts(await next(again))).toEqual(['after']);
  });

  it('ends after five minutes', async () => {
    const { consumer } = await consumed();
    const subscription = await subscribe(consumer);
    const heard: SubscribeToShardEvent[] = [];
    const ended = (async () => {
      for (let each = await subscription.next(); !each.done; each = await subscription.next()) heard.push(each.value);
    })();
    await clock.advance(299_000);
    await vi.waitFor(() => expect(heard.length).toBe(60), patience);
    await clock.advance(1_000);
    await ended;
  });

  it('refuses a second call within five seconds; later the second takes over', async () => {
    const { name, consumer } = await consumed();
    const first = await subscribe(consumer);
    await next(first);
    expect(await failureOf(subscribe(consumer))).toEqual({
      name: 'ResourceInUseException',
      message: `Another active subscription exists for this consumer: 000000000000:${name}:${shardId}:${consumer.split(/[/:]/).at(-2)}`,
    });

    await clock.advance(5_000);
    const second = await subscribe(consumer);
    await next(second);
    await next(first);
    expect(await failureOf(next(first))).toMatchObject({ name: 'ResourceInUseException' });
  });

  it('ends with the shard, and names the children that follow it', async () => {
    const { name, consumer } = await consumed();
    await put(name, 'last');
    const subscription = await subscribe(consumer);
    expect(texts(await next(subscription))).toEqual(['last']);
    const half = (2n ** 127n).toString();
    await kinesis.client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: shardId, NewStartingHashKey: half }));
    await clock.advance(1);
    const end = await next(subscription);
    expect(end.ContinuationSequenceNumber).toBeUndefined();
    expect(end.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ['shardId-000000000001', [shardId]],
      ['shardId-000000000002', [shardId]],
    ]);
    expect(await subscription.next()).toMatchObject({ done: true });
  });

  it('ends when the consumer is deregistered', async () => {
    const { consumer } = await consumed();
    const subscription = await subscribe(consumer);
    await next(subscription);
    await kinesis.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN: consumer }));
    expect(await failureOf(next(subscription))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lets the subscription go when the client goes, over HTTP/1.1 as over HTTP/2', async () => {
    const { name, consumer } = await consumed();
    const { endpoint, region, credentials } = kinesis.sandbox;
    const client = new KinesisClient({ endpoint, region, credentials, requestHandler: new NodeHttpHandler() });
    await put(name, 'one');
    const subscription = await subscribe(consumer, { Type: 'TRIM_HORIZON' }, client);
    expect(texts(await next(subscription))).toEqual(['one']);
    client.destroy();
    await clock.advance(5_000);
    expect(texts(await next(await subscribe(consumer)))).toEqual(['one']);
  });
});

describe('SubscribeToShard of shards with limits', () => {
  it('pushes 2 MiB a second to each consumer, whatever others have read', async () => {
    const own = manualClock(Date.now());
    const sandbox = await startSandbox({ clock: own, delays: atOnce });
    const client = new KinesisClient({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials });
    try {
      await client.send(new CreateStreamCommand({ StreamName: 'full', ShardCount: 1 }));
      await own.advance(1);
      const Data = Buffer.alloc(1_000_000);
      for (let each = 0; each < 4; each += 1) {
        await client.send(new PutRecordCommand({ StreamName: 'full', PartitionKey: 'key', Data }));
        await own.advance(1_000);
      }
      const StreamARN = `arn:aws:kinesis:${sandbox.region}:${sandbox.account}:stream/full`;
      const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
      await own.advance(1);
      const subscription = await subscribe(Consumer?.ConsumerARN ?? '', { Type: 'TRIM_HORIZON' }, client);
      let read = 0;
      for (; read < 3; read += 1) expect((await next(subscription)).Records).toHaveLength(1);
      const late = next(subscription);
      const early = await Promise.race([late, new Promise((resolve) => setImmediate(resolve, 'nothing yet'))]);
      expect(early).toBe('nothing yet');
      await own.advance(2_000);
      expect((await late).Records).toHaveLength(1);
    } finally {
      client.destroy();
      await sandbox.stop();
    }
  });
});
