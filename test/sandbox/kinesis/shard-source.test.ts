import { describe, expect, it } from 'vitest';
import { Consumer } from '../../../src/sandbox/kinesis/consumer.ts';
import { highestHashKey } from '../../../src/sandbox/kinesis/hash-key.ts';
import { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { FanOutSource, sharedSource } from '../../../src/sandbox/kinesis/shard-source.ts';
import { manualClock } from '../../support/manual-clock.ts';

const megabyte = 1_048_576;
const all = { limit: 10_000, maxBytes: 10 * megabyte };
const never = new AbortController().signal;

/** A shard with two records of 1 MiB, and a consumer of its stream. */
async function fannedOut() {
  const clock = manualClock();
  const home = { clock, retentionMs: 86_400_000, shardLimits: true };
  const shard = new Shard(home, 0, { start: 0n, end: highestHashKey }, clock.now() - 2_000);
  for (let count = 0; count < 2; count += 1) {
    shard.append('', Buffer.alloc(megabyte));
    await clock.advance(1_000);
  }
  const consumer = new Consumer({ name: 's', arn: 'arn:s', account: '000000000000', clock }, 'fan', {});
  consumer.status = 'ACTIVE';
  let missing = 0;
  const registered: { consumer: Consumer | undefined } = { consumer };
  const source = new FanOutSource(
    shard,
    clock,
    () => registered.consumer,
    () => {
      missing += 1;
    },
  );
  return { clock, shard, consumer, source, registered, missing: () => missing };
}

/** Whether something has come about by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  await new Promise(setImmediate);
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

describe('a consumer with enhanced fan-out', () => {
  it('uses up nothing of what the other readers of a shard share', async () => {
    const { shard, source } = await fannedOut();
    await source.ready(never);
    expect(source.read(0, all).records).toHaveLength(2);
    expect(source.sharesReads).toBe(false);
    expect(shard.limits?.pauseBeforeRead).toBe(0);
    sharedSource(shard).read(0, all);
    expect(shard.limits?.pauseBeforeRead).toBeGreaterThan(0);
  });

  it('gets 2 MiB a second of a shard', async () => {
    const { clock, source } = await fannedOut();
    await source.ready(never);
    source.read(0, all);
    const again = source.ready(never);
    expect(await isDone(again)).toBe(false);
    await clock.advance(1_000);
    expect(await isDone(again)).toBe(true);
  });

  it('waits for five seconds after somebody else has subscribed, and takes over', async () => {
    const { clock, shard, source, consumer } = await fannedOut();
    await source.ready(never);
    await clock.advance(6_000);
    const other = consumer.subscribe(shard.id);
    const again = source.ready(never);
    await clock.advance(4_000);
    expect(await isDone(again)).toBe(false);
    await clock.advance(2_000);
    expect(await isDone(again)).toBe(true);
    expect(other.error?.code).toBe('ResourceInUseException');
  });

  it('renews a subscription after five minutes', async () => {
    const { clock, shard, source, consumer } = await fannedOut();
    await source.ready(never);
    await clock.advance(301_000);
    await source.ready(never);
    expect(() => consumer.subscribe(shard.id)).toThrow('Another active subscription exists');
  });

  it('is woken by a record, and by the end of its subscription', async () => {
    const { clock, shard, source, consumer } = await fannedOut();
    await source.ready(never);
    const record = source.more(never);
    expect(await isDone(record)).toBe(false);
    shard.append('k', Buffer.from('x'));
    expect(await isDone(record)).toBe(true);
    const end = source.more(never);
    await clock.advance(6_000);
    consumer.delete();
    expect(await isDone(end)).toBe(true);
  });

  it('says that it is missing, and waits for it to be there', async () => {
    const { clock, source, consumer, registered, missing } = await fannedOut();
    registered.consumer = undefined;
    const ready = source.ready(never);
    await clock.advance(3_000);
    expect(missing()).toBeGreaterThan(2);
    registered.consumer = consumer;
    await clock.advance(1_000);
    expect(await isDone(ready)).toBe(true);
  });
});
