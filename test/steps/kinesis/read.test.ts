import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { read } from '../../../src/steps/kinesis/read.ts';
import { reshard } from '../../../src/steps/kinesis/reshard.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import type { Finding } from '../../../src/steps/step.ts';
import { toJson } from '../../../src/util/json.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

const amounts = [200, 400, 600, 900];
const first = 'shardId-000000000000';

interface Put {
  readonly ShardId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
}

let bench: Bench;
let puts: readonly Put[];

async function put(StreamName: string, PartitionKey: string, Data: string | Uint8Array): Promise<Put> {
  const call = apiCall('kinesis', 'PutRecord', { StreamName, PartitionKey, Data: typeof Data === 'string' ? Buffer.from(Data) : Data });
  return bench.visit().context.aws.call(call);
}

beforeAll(async () => {
  bench = await openBench();
  const { context } = bench.visit();
  for (const name of ['cash', 'empty', 'latest', 'raw']) await stream.bind({ name, shards: 1 }).apply(context);
  await stream.bind({ name: 'wide', shards: 2 }).apply(context);
  const made: Put[] = [];
  for (const amt of amounts) made.push(await put('cash', '1', JSON.stringify({ type: 'ATM', amt })));
  puts = made;
  // The keys a and b lie in different shards.
  for (const key of ['a', 'b', 'a']) await put('wide', key, `${key} record`);
});
afterAll(() => bench.close());

/** What a look with this input finds. */
async function look(input: object): Promise<readonly Finding[]> {
  return read.bind({ stream: 'cash', ...input }).check(bench.visit({ readOnly: true }).context);
}

describe('reading a stream back', () => {
  it('finds all records from the oldest on, whatever one GetRecords may answer', async () => {
    const expected = { count: 4, data: amounts.map((amt) => ({ amt })), 'in-order': true, keys: ['1'], shards: 1 };
    expect(failed(await look({ expect: expected }))).toEqual([]);
    expect(failed(await look({ limit: 1, expect: expected }))).toEqual([]);
  });

  it.each([
    ['AT_SEQUENCE_NUMBER', 2],
    ['AFTER_SEQUENCE_NUMBER', 1],
  ])('begins with %s where it is told to', async (iterator, count) => {
    const at = { shard: first, iterator, 'sequence-number': puts[2]?.SequenceNumber };
    expect(failed(await look({ ...at, expect: { count, data: ['900'] } }))).toEqual([]);
  });

  it('begins at a time', async () => {
    const timestamp = new Date(bench.sandbox.clock.now() - 3_600_000).toISOString();
    expect(failed(await look({ iterator: 'AT_TIMESTAMP', timestamp, expect: { count: 4 } }))).toEqual([]);
  });

  it('finds nothing that was put before with LATEST, which is no error', async () => {
    expect(failed(await look({ iterator: 'LATEST', expect: { count: 0 } }))).toEqual([]);
    expect(failed(await look({ stream: 'empty', expect: { count: 0 } }))).toEqual([]);
  });

  it('waits for what is put while it reads', async () => {
    const { context } = bench.visit({ readOnly: true });
    let polls = 0;
    const wait: typeof context.wait = (options, poll) =>
      context.wait(options, async () => {
        polls += 1;
        if (polls === 3) await put('latest', '1', 'late');
        return poll();
      });
    const step = read.bind({ stream: 'latest', iterator: 'LATEST', expect: { 'at-least': 1, data: ['late'] } });
    expect(failed(await step.check({ ...context, wait }))).toEqual([]);
    expect(polls).toBe(3);
  });

  it('shows the records as GetRecords answers them, with data that can be printed as text', async () => {
    await put('raw', '1', new Uint8Array([0xff, 0x00]));
    await put('raw', '1', '{"amt":200}');
    const { context, found } = bench.visit({ readOnly: true });
    const step = read.bind({ stream: 'raw' });
    await step.check(context);
    expect(found.map(({ call }) => call)).toEqual([step.shows()]);
    expect(toJson(found[0]?.answer)).toEqual({
      Records: [
        expect.objectContaining({ Data: '/wA=', PartitionKey: '1', ApproximateArrivalTimestamp: expect.stringMatching(/^\d{4}-.*Z$/) }),
        expect.objectContaining({ Data: '{"amt":200}', SequenceNumber: expect.stringMatching(/^\d{56}$/) }),
      ],
      NextShardIterator: expect.any(String),
      MillisBehindLatest: 0,
    });
  });

  it('reads a shard that was closed to its end', async () => {
    const { aws } = bench.visit().context;
    await stream.bind({ name: 'closed', shards: 1 }).apply(bench.visit().context);
    await put('closed', '1', 'before');
    await aws.call(apiCall('kinesis', 'SplitShard', { StreamName: 'closed', ShardToSplit: first, NewStartingHashKey: '1000' }));
    await stream.bind({ name: 'closed', shards: 2 }).apply(bench.visit().context);
    await put('closed', '1', 'after');
    expect(failed(await look({ stream: 'closed', expect: { count: 2, data: ['before', 'after'], shards: 2 } }))).toEqual([]);
    expect(failed(await look({ stream: 'closed', shard: first, expect: { count: 1, end: true } }))).toEqual([]);
  });

  it('shows the children of a shard in place of an iterator when that is at its end', async () => {
    await stream.bind({ name: 'parent', shards: 1 }).apply(bench.visit().context);
    await reshard.bind({ stream: 'parent' }).apply(bench.visit().context);
    const { context, found } = bench.visit({ readOnly: true });
    await read.bind({ stream: 'parent', shard: first }).check(context);
    expect(toJson(found[0]?.answer)).toEqual({
      Records: [],
      ChildShards: ['shardId-000000000001', 'shardId-000000000002'].map((ShardId) =>
        expect.objectContaining({ ShardId, ParentShards: [first] }),
      ),
      MillisBehindLatest: 0,
    });
  });
});

describe('what is not found', () => {
  it('is the stream, or the shard', async () => {
    expect(await look({ stream: 'missing' })).toMatchObject([{ ok: false, observed: 'there is no stream missing' }]);
    expect(await look({ shard: 'shardId-000000000007' })).toMatchObject([
      { ok: false, expected: 'shardId-000000000007', observed: `the stream has ${first}` },
    ]);
  });

  it.each([
    ['too few', { count: 5 }, { expected: '5 records', observed: '4 records' }],
    ['too many', { count: 3 }, { expected: '3 records', observed: '4 records', hint: expect.stringContaining('cannot be deleted') }],
    ['not enough', { 'at-least': 5 }, { expected: '5 records at least', observed: '4 records' }],
    ['a text', { data: ['"amt":300'] }, { expected: '"amt":300', observed: expect.stringMatching(/^not among 4 records, which end with/) }],
    ['a member', { data: [{ amt: 200, type: 'POS' }] }, { expected: '{"amt":200,"type":"POS"}' }],
    ['one of two equal ones', { data: ['200', '200'] }, { expected: '200' }],
    ['the order', { data: [{ amt: 400 }, { amt: 200 }], 'in-order': true }, { fact: 'order of the data in cash' }],
    ['a key', { keys: ['1', '2'] }, { expected: '1, 2', observed: '1' }],
    ['the number of shards', { shards: 2 }, { expected: '2 shards', observed: `4 in ${first}` }],
    [
      'the end',
      { end: true },
      { expected: 'no NextShardIterator: the shard is closed', observed: 'a NextShardIterator: the shard is open' },
    ],
  ])('is %s', async (_, expected, finding) => {
    expect(failed(await look({ shard: first, expect: expected }))).toMatchObject([finding]);
  });

  it('is an order across shards, which there is not', async () => {
    const expected = { data: ['a record', 'b record'], 'in-order': true };
    expect(failed(await look({ stream: 'wide', expect: expected }))).toMatchObject([
      { observed: 'all of it, in 2 shards', hint: expect.stringContaining('keeps the order within a shard only') },
    ]);
    expect(failed(await look({ stream: 'wide', expect: { ...expected, 'in-order': false, keys: ['b', 'a'] } }))).toEqual([]);
  });

  it('is a place to begin, and AWS says why', async () => {
    const future = read.bind({ stream: 'cash', iterator: 'AT_TIMESTAMP', timestamp: '2999-01-01T00:00:00Z' });
    await expect(future.check(bench.visit().context)).rejects.toMatchObject({
      message: expect.stringContaining('The timestampInMillis parameter cannot be greater than the currentTimestampInMillis.'),
      hint: expect.stringContaining('Reading cannot begin in the future.'),
    });
    const other = {
      stream: 'wide',
      shard: 'shardId-000000000001',
      iterator: 'AT_SEQUENCE_NUMBER',
      'sequence-number': puts[0]?.SequenceNumber,
    };
    await expect(look(other)).rejects.toMatchObject({ hint: expect.stringContaining('A sequence number belongs to the shard') });
  });
});

describe('the input of kinesis/read', () => {
  it.each([
    [{ iterator: 'AT_SEQUENCE_NUMBER', shard: first }, 'AT_SEQUENCE_NUMBER needs a sequence number'],
    [{ iterator: 'AFTER_SEQUENCE_NUMBER', 'sequence-number': '1' }, 'a sequence number belongs to one shard'],
    [{ 'sequence-number': '1' }, 'TRIM_HORIZON takes no sequence number'],
    [{ iterator: 'AT_TIMESTAMP' }, 'AT_TIMESTAMP needs a time'],
    [{ iterator: 'LATEST', timestamp: '2026-01-01T00:00:00Z' }, 'LATEST takes no time'],
    [{ expect: { count: 1, 'at-least': 1 } }, 'there can be `count` or `at-least`, not both'],
    [{ expect: { 'in-order': true } }, 'there is no `data` whose order could be compared'],
  ])('refuses %j', (input, message) => expect(() => read.bind({ stream: 'cash', ...input })).toThrow(message));
});

describe('the time between records', () => {
  const apart = { expect: { 'seconds-apart': 60 } };

  it('is that between records of one key, give or take a quarter', async () => {
    const { context } = bench.visit();
    await stream.bind({ name: 'timed', shards: 1 }).apply(context);
    await put('timed', 'a', 'first');
    await bench.sandbox.clock.sleep(30_000);
    await put('timed', 'b', 'in between');
    const [none, ...others] = failed(await look({ stream: 'timed', within: 0, ...apart }));
    expect(none).toMatchObject({ expected: 'about 60 s', observed: 'no two records with the same key' });
    expect(others).toEqual([]);
    await bench.sandbox.clock.sleep(30_000);
    await put('timed', 'a', 'second');
    expect(failed(await look({ stream: 'timed', within: 0, ...apart }))).toEqual([]);
  });

  it('is told when it is another one', async () => {
    const [finding, ...more] = failed(await look({ within: 0, ...apart }));
    expect(finding).toMatchObject({ fact: 'time between the records of a partition key in cash', observed: expect.stringMatching(/^\d/) });
    expect(finding?.hint).toContain('whether it runs as often as it should');
    expect(more).toEqual([]);
  });
});

describe('what a script waits for in place of reading on', () => {
  const awaits = (input: object) => read.bind({ stream: 'cash', ...input }).awaits();

  it('is that one read of the shard holds as many records as are expected', () => {
    expect(awaits({ shard: first, within: 30, expect: { 'at-least': 4 } })).toMatchObject([
      { what: 'cash to show what is expected', query: 'length(Records) >= `4`', withinMs: [30_000] },
    ]);
    expect(awaits({ shard: first, limit: 3, expect: { count: 4 } })).toMatchObject([{ query: 'length(Records) >= `3`' }]);
  });

  it('is nothing where one read cannot tell, or nothing is expected', () => {
    expect(awaits({ expect: { 'at-least': 4 } })).toEqual([]);
    expect(awaits({ shard: first, expect: { count: 0 } })).toEqual([]);
    expect(awaits({ shard: first })).toEqual([]);
  });
});
