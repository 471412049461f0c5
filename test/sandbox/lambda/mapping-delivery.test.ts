import { DeleteFunctionCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { briefDelays } from '../../support/lambda.ts';
import { mappingSandbox, receiver } from '../../support/mapping.ts';
import { MeetingPlace } from '../../support/meeting-place.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
/** Here it takes as long as on AWS until a mapping polls. */
const slow = mappingSandbox({ delays: { ...briefDelays, mappingTransition: 20_000, mappingPollStart: 10_000 } });

/** A stream mapped to a function with the given code, which has polled already. */
async function mapped(code: string, settings: Parameters<typeof sandbox.map>[2] = {}, shards = 1) {
  const stream = await sandbox.stream(shards);
  const name = await lambda.deploy(code, { Timeout: 10 });
  return { stream, name, uuid: await sandbox.map(stream, name, settings) };
}

describe('A record that is put to a mapped stream', () => {
  it("reaches the function's log", async () => {
    const { stream, name, uuid } = await mapped(
      "exports.handler = async (event) => { for (const { kinesis } of event.Records) console.log(Buffer.from(kinesis.data, 'base64').toString()); };",
      { BatchSize: 1 },
    );
    await sandbox.put(stream, 'Hello, Lambda CLI World');
    await sandbox.until(async () => (await lambda.events(name)).length >= 5);
    expect((await lambda.logged(name)).join('')).toMatch(/Z\t[0-9a-f-]{36}\tINFO\tHello, Lambda CLI World\n/);
    expect(await sandbox.mapping(uuid)).toMatchObject({ State: 'Enabled', LastProcessingResult: 'OK' });
  });

  it('comes in an event that says all about it', async () => {
    const { stream, name } = await mapped(receiver());
    const sequenceNumber = await sandbox.put(stream, 'grüße', 'sensor-1');
    await sandbox.batches(name, 1);
    const [{ records: [record] = [] } = { records: [] }] = await sandbox.received(name);
    expect(record).toEqual({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'sensor-1',
        sequenceNumber,
        data: Buffer.from('grüße').toString('base64'),
        approximateArrivalTimestamp: expect.any(Number),
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `shardId-000000000000:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: lambda.role,
      awsRegion: 'us-east-1',
      eventSourceARN: sandbox.arn(stream),
    });
    expect((record?.kinesis.approximateArrivalTimestamp ?? 0) * 1000).toBeCloseTo(lambda.sandbox.clock.now(), -4);
  });

  it('is sent once, and in order with those before and after it', async () => {
    const { stream, name } = await mapped(receiver(), { BatchSize: 3 });
    const texts = Array.from({ length: 20 }, (_, index) => `record ${index}`);
    for (const text of texts) await sandbox.put(stream, text, text);
    await sandbox.until(async () => (await sandbox.received(name)).flatMap(({ data }) => data).length >= texts.length);
    await sandbox.pass(60_000);
    expect((await sandbox.received(name)).flatMap(({ data }) => data)).toEqual(texts);
  });

  it('comes with others of its own shard only', async () => {
    const { stream, name } = await mapped(receiver(), {}, 2);
    await sandbox.putAll(stream, ['1', 'test', '2', 'test', '3'], (text) => text);
    const batches = await sandbox.batches(name, 2);
    expect([...batches].sort()).toEqual([
      ['1', '2', '3'],
      ['test', 'test'],
    ]);
  });
});

describe('A stream that is resharded', () => {
  it('is read on in the order of its records: what is in the new shards comes after what was in the old one', async () => {
    const { stream, name } = await mapped(receiver('await new Promise((resolve) => setTimeout(resolve, 100));'), { BatchSize: 1 });
    await sandbox.putAll(stream, ['1 old', 'test old', '2 old'], (text) => text.split(' ')[0] ?? '');
    await sandbox.split(stream);
    await sandbox.putAll(stream, ['1 new', 'test new', '2 new'], (text) => text.split(' ')[0] ?? '');
    await sandbox.batches(name, 6);
    const received = await sandbox.received(name);
    expect(received.slice(0, 3).map(({ data: [text] }) => text)).toEqual(['1 old', 'test old', '2 old']);
    expect(received.slice(3).map(({ data: [text] }) => text)).toEqual(expect.arrayContaining(['1 new', 'test new', '2 new']));
    const shards = new Set(received.flatMap(({ records }) => records.map(({ eventID }) => String(eventID).split(':')[0])));
    expect([...shards].sort()).toEqual(['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002']);
  });

  it('and what is in a merged shard comes after what was in both of the old ones', async () => {
    const { stream, name } = await mapped(receiver('await new Promise((resolve) => setTimeout(resolve, 50));'), { BatchSize: 1 }, 2);
    await sandbox.putAll(stream, ['1 old', 'test old', '2 old'], (text) => text.split(' ')[0] ?? '');
    await sandbox.merge(stream);
    await sandbox.putAll(stream, ['1 new', 'test new'], (text) => text.split(' ')[0] ?? '');
    await sandbox.batches(name, 5);
    const received = await sandbox.received(name);
    expect(received.slice(0, 3).map(({ data: [text] }) => text)).toEqual(expect.arrayContaining(['1 old', 'test old', '2 old']));
    expect(received.slice(3).map(({ data: [text] }) => text)).toEqual(['1 new', 'test new']);
  });
});

describe('The starting position', () => {
  it('LATEST misses what was put before polling began, even after the mapping was created', async () => {
    const stream = await slow.stream();
    const name = await slow.lambda.deploy(receiver());
    await slow.put(stream, 'early');
    const { uuid } = await slow.create(stream, name, { StartingPosition: 'LATEST' });
    await slow.put(stream, 'still too early');
    await slow.untilEnabled(uuid);
    await slow.put(stream, 'too early even now');
    await slow.pass(60_000);
    await slow.put(stream, 'in time');
    expect(await slow.batches(name, 1)).toEqual([['in time']]);
  });

  it('TRIM_HORIZON misses nothing', async () => {
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'early');
    const name = await lambda.deploy(receiver());
    await sandbox.map(stream, name, { StartingPosition: 'TRIM_HORIZON' });
    expect(await sandbox.batches(name, 1)).toEqual([['early']]);
  });

  it('AT_TIMESTAMP begins at a time', async () => {
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'before');
    await sandbox.pass(10_000);
    const time = new Date(Math.floor(lambda.sandbox.clock.now() / 1000) * 1000);
    await sandbox.pass(10_000);
    await sandbox.put(stream, 'after');
    const name = await lambda.deploy(receiver());
    await sandbox.map(stream, name, { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: time });
    expect(await sandbox.batches(name, 1)).toEqual([['after']]);
  });
});

describe('A batch', () => {
  it('has as many records as are there, and BatchSize at the most', async () => {
    const { stream, name } = await mapped(receiver(), { BatchSize: 2 });
    await sandbox.putAll(stream, ['a', 'b', 'c', 'd', 'e']);
    expect(await sandbox.batches(name, 3)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('waits for its window, unless it is full before', async () => {
    const { stream, name } = await mapped(receiver(), { BatchSize: 3, MaximumBatchingWindowInSeconds: 60 });
    const start = lambda.sandbox.clock.now();
    await sandbox.put(stream, 'a');
    await sandbox.pass(20_000);
    await sandbox.put(stream, 'b');
    expect(await sandbox.batches(name, 1)).toEqual([['a', 'b']]);
    expect((await sandbox.received(name))[0]?.at ?? 0).toBeGreaterThanOrEqual(start + 60_000);
    await sandbox.putAll(stream, ['c', 'd', 'e']);
    const full = lambda.sandbox.clock.now();
    expect(await sandbox.batches(name, 2)).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    expect((await sandbox.received(name))[1]?.at ?? 0).toBeLessThan(full + 30_000);
  });

  it('has no more than 6 MB', async () => {
    const stream = await sandbox.stream();
    for (let index = 0; index < 6; index += 1) {
      await sandbox.put(stream, `${index}`.repeat(1_000_000));
      // A shard takes 1 MiB a second.
      await sandbox.pass(1_000);
    }
    const name = await lambda.deploy(
      "exports.handler = async (event) => console.log('GOT ' + JSON.stringify({ Records: event.Records.map(({ kinesis }) => ({ kinesis: { data: kinesis.data.slice(0, 4) } })) }));",
    );
    await sandbox.map(stream, name);
    expect((await sandbox.batches(name, 2)).map((batch) => batch.length)).toEqual([4, 2]);
  });

  it('is one of several at once with a ParallelizationFactor, in order for each key', async () => {
    const { stream, name } = await mapped(receiver(new MeetingPlace().code(2)), {
      BatchSize: 1,
      ParallelizationFactor: 4,
    });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await sandbox.putAll(
      stream,
      [...keys, ...keys].map((key, index) => `${key}${index}`),
      (text) => text.charAt(0),
    );
    await sandbox.batches(name, 12);
    const received = (await sandbox.received(name)).map(({ data: [text = ''] }) => text);
    for (const key of keys) expect(received.filter((text) => text.startsWith(key)).map((text) => Number(text.slice(1)))).toHaveLength(2);
    for (const [index, key] of keys.entries()) {
      expect(received.filter((text) => text.startsWith(key))).toEqual([`${key}${index}`, `${key}${index + 6}`]);
    }
    const streams = new Set((await lambda.events(name)).map(({ logStreamName }) => logStreamName));
    expect(streams.size).toBeGreaterThan(1);
  });
});

describe('A filter', () => {
  it('lets pass what matches; the rest is never seen, and nothing waits for it', async () => {
    const { stream, name } = await mapped(receiver(), {
      BatchSize: 1,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { temperature: [{ numeric: ['>', 30] }] } }) }] },
    });
    await sandbox.putAll(stream, ['{"temperature":20}', '{"temperature":31}', 'no json', '{"temperature":40}']);
    expect(await sandbox.batches(name, 2)).toEqual([['{"temperature":31}'], ['{"temperature":40}']]);
  });
});

describe('What a mapping needs may go away', () => {
  it('the function: the mapping stays Enabled, and says that the call failed', async () => {
    const { stream, name, uuid } = await mapped(receiver());
    await sandbox.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await sandbox.put(stream, 'unseen');
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'PROBLEM: Function call failed');
    await sandbox.pass(600_000);
    expect((await sandbox.mapping(uuid)).State).toBe('Enabled');
    await lambda.deploy(receiver(), { FunctionName: name });
    expect(await sandbox.batches(name, 1)).toEqual([['unseen']]);
  });

  it('the stream: the mapping stays Enabled, and goes on when there is one of that name again', async () => {
    const { stream, name, uuid } = await mapped(receiver());
    await sandbox.deleteStream(stream);
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'PROBLEM: Stream not found');
    expect((await sandbox.mapping(uuid)).State).toBe('Enabled');
    await sandbox.recreateStream(stream);
    await sandbox.put(stream, 'new');
    expect(await sandbox.batches(name, 1)).toEqual([['new']]);
  });

  it('concurrency: throttled batches are tried again and use up no retries', async () => {
    const { stream, name, uuid } = await mapped(receiver(), { MaximumRetryAttempts: 0 });
    const reserve = (ReservedConcurrentExecutions: number) =>
      sandbox.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }));
    await reserve(0);
    await sandbox.put(stream, 'patient');
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'PROBLEM: Function call failed');
    await sandbox.pass(60_000);
    await reserve(1);
    expect(await sandbox.batches(name, 1)).toEqual([['patient']]);
  });
});
