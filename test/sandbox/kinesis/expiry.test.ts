import {
  DecreaseStreamRetentionPeriodCommand,
  GetRecordsCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  type ShardFilterType,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

// What takes minutes and days on AWS.

const kinesis = kinesisSandbox({ virtualTime: true });
const other = kinesisSandbox();
const hour = 3_600_000;

const pass = (ms: number) => kinesis.sandbox.clock.sleep(ms);
const read = (ShardIterator: string | undefined, Limit?: number) => kinesis.client.send(new GetRecordsCommand({ ShardIterator, Limit }));

describe('an iterator', () => {
  it('is refused when it is more than five minutes old, and says from when to when', async () => {
    const ShardIterator = await kinesis.iterator(await kinesis.stream());
    await pass(299_000);
    expect((await read(ShardIterator)).Records).toEqual([]);
    await pass(2_000);
    const time = /[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4}/.source;
    const { name, message } = await failureOf(read(ShardIterator));
    expect(name).toBe('ExpiredIteratorException');
    expect(message).toMatch(
      new RegExp(
        `^Iterator expired\\. The iterator was created at time ${time} while right now it is ${time} which is further in the future than the tolerated delay of 300000 milliseconds\\.$`,
      ),
    );
  });

  it('is none to another sandbox', async () => {
    const ShardIterator = await other.iterator(await other.stream());
    expect((await failureOf(read(ShardIterator))).message).toBe('Invalid ShardIterator.');
  });
});

describe('a page token', () => {
  it('is refused when it is more than five minutes old', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const { NextToken } = await kinesis.client.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    await pass(301_000);
    expect((await failureOf(kinesis.client.send(new ListShardsCommand({ NextToken })))).name).toBe('ExpiredNextTokenException');
  });
});

describe('a record', () => {
  it('cannot be read when it is older than the retention, from wherever one starts', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'old');
    await pass(23 * hour);
    await kinesis.put(StreamName, 'young');
    expect(texts(await kinesis.read(StreamName))).toEqual(['old', 'young']);
    await pass(2 * hour);
    expect(texts(await kinesis.read(StreamName))).toEqual(['young']);
    expect(texts(await kinesis.read(StreamName, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) }))).toEqual(['young']);
  });

  it('lives on when the retention grows, but does not come back', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'a day old');
    await pass(25 * hour);
    await kinesis.put(StreamName, 'young');
    await kinesis.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
    await pass(hour);
    expect(texts(await kinesis.read(StreamName))).toEqual(['young']);
    await pass(40 * hour);
    expect(texts(await kinesis.read(StreamName))).toEqual(['young']);
    await kinesis.client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }));
    await pass(hour);
    expect(texts(await kinesis.read(StreamName))).toEqual([]);
  });

  it('tells by its age how far behind a reader is', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.put(StreamName, 'a');
    await kinesis.put(StreamName, 'b');
    await pass(60_000);
    const { MillisBehindLatest = 0 } = await read(await kinesis.iterator(StreamName), 1);
    expect(MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
    expect(MillisBehindLatest).toBeLessThan(70_000);
  });
});

describe('the shards of a stream that was split', () => {
  it('are found by what was open when', async () => {
    const [zero, one, two, three] = [0, 1, 2, 3].map((index) => `shardId-00000000000${index}`);
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    await pass(hour);
    const beforeSplit = new Date(kinesis.sandbox.clock.now());
    await pass(hour);
    await kinesis.client.send(new SplitShardCommand({ StreamName, ShardToSplit: zero, NewStartingHashKey: '1000' }));
    await kinesis.settled(StreamName);
    await pass(hour);
    const now = new Date(kinesis.sandbox.clock.now());
    const found = async (Type: ShardFilterType, Timestamp?: Date) => {
      const { Shards } = await kinesis.client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type, Timestamp } }));
      return Shards?.map(({ ShardId }) => ShardId);
    };
    expect(await found('FROM_TRIM_HORIZON')).toEqual([zero, one, two, three]);
    expect(await found('AT_LATEST')).toEqual([one, two, three]);
    expect(await found('AT_TRIM_HORIZON')).toEqual([zero, one]);
    expect(await found('AT_TIMESTAMP', beforeSplit)).toEqual([zero, one]);
    expect(await found('AT_TIMESTAMP', now)).toEqual([one, two, three]);
    expect(await found('FROM_TIMESTAMP', beforeSplit)).toEqual([zero, one, two, three]);
    expect(await found('FROM_TIMESTAMP', now)).toEqual([one, two, three]);
  });
});
