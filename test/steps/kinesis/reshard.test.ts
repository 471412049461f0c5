import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { reshard } from '../../../src/steps/kinesis/reshard.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import type { Finding } from '../../../src/steps/step.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const shards = ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002'] as const;

async function newStream(name: string): Promise<void> {
  await stream.bind({ name, shards: 1 }).apply(bench.visit().context);
}

async function apply(name: string, more: object = {}) {
  const visit = bench.visit();
  await reshard.bind({ stream: name, ...more }).apply(visit.context);
  return visit;
}

async function look(name: string, more: object = {}): Promise<readonly Finding[]> {
  return reshard.bind({ stream: name, ...more }).check(bench.visit({ readOnly: true }).context);
}

async function split(name: string): Promise<void> {
  const { context } = bench.visit();
  await context.aws.call(apiCall('kinesis', 'SplitShard', { StreamName: name, ShardToSplit: shards[0], NewStartingHashKey: '1000' }));
  await stream.bind({ name, shards: 2 }).apply(context);
}

describe('resharding', () => {
  it('leaves as many open shards as there were, and closed ones', async () => {
    await newStream('grown');
    const { writes, waits } = await apply('grown');
    expect(writes.map(({ operation }) => operation)).toEqual(['SplitShard', 'MergeShards']);
    expect(waits).toContain('the stream grown to become ACTIVE');
    expect(failed(await look('grown'))).toEqual([]);
    expect(failed(await stream.bind({ name: 'grown', shards: 1 }).check(bench.visit({ readOnly: true }).context))).toEqual([]);
  });

  it('writes nothing when it is done again', async () => {
    await newStream('again');
    await apply('again');
    expect((await apply('again')).writes).toEqual([]);
  });

  it('goes on with a shard that somebody has split already, wherever', async () => {
    await newStream('halves');
    await split('halves');
    expect(await look('halves')).toMatchObject([
      { ok: false, observed: 'split in two, which are open', hint: expect.stringContaining(`--adjacent-shard-to-merge ${shards[2]}`) },
    ]);
    expect((await apply('halves')).writes.map(({ operation }) => operation)).toEqual(['MergeShards']);
    expect(failed(await look('halves'))).toEqual([]);
  });

  it('says how to begin where the shard is open', async () => {
    await newStream('whole');
    expect(await look('whole')).toMatchObject([
      {
        fact: `shard ${shards[0]} of whole`,
        observed: 'open',
        hint: expect.stringMatching(/split-shard[\s\S]*--new-starting-hash-key 170141183460469231731687303715884105728/),
      },
    ]);
  });

  it('does not take another way of closing a shard for it', async () => {
    await newStream('other');
    await apply('other');
    const merged = { shard: shards[1] };
    expect(await look('other', merged)).toMatchObject([{ ok: false, observed: 'closed, and not split in two that were merged again' }]);
    await expect(apply('other', merged)).rejects.toThrow(`The shard ${shards[1]} of other is closed already`);
  });

  it('finds no stream, or no shard', async () => {
    expect(await look('missing')).toMatchObject([{ ok: false, observed: 'there is no such stream', hint: 'Create the stream first.' }]);
    await newStream('short');
    expect(await look('short', { shard: 'shardId-000000000007' })).toMatchObject([{ ok: false, observed: 'the stream has no such shard' }]);
    expect((await apply('short', { shard: 'shardId-000000000007' })).writes).toEqual([]);
  });

  it('refuses what is no hash key', () => {
    expect(() => reshard.bind({ stream: 'any', at: 'half' })).toThrow('has to be a hash key');
  });
});
