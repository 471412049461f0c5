import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe('the check of a stream', () => {
  it('says of a stream that is missing only that, and how to create it', async () => {
    expect(await stream.bind({ name: 'missing', shards: 1 }).check(bench.visit({ readOnly: true }).context)).toEqual([
      {
        fact: 'stream missing',
        expected: 'a stream',
        observed: 'there is none',
        ok: false,
        absent: true,
        hint: 'Create it: aws kinesis create-stream --stream-name missing --shard-count 1',
      },
    ]);
  });

  it('waits for a stream that is being created', async () => {
    const { context } = bench.visit();
    await context.aws.call(apiCall('kinesis', 'CreateStream', { StreamName: 'fresh', ShardCount: 1 }));
    expect(failed(await stream.bind({ name: 'fresh', shards: 1 }).check(bench.visit({ readOnly: true }).context))).toEqual([]);
  });

  it('counts shards', async () => {
    const { context } = bench.visit();
    await stream.bind({ name: 'wide', shards: 2 }).apply(context);
    expect(failed(await stream.bind({ name: 'wide', shards: 1 }).check(context))).toMatchObject([
      { fact: 'capacity of wide', expected: '1 shard', observed: '2 shards' },
    ]);
  });

  it('tells a stream that was created without --shard-count, which costs more', async () => {
    const { context } = bench.visit();
    await context.aws.call(apiCall('kinesis', 'CreateStream', { StreamName: 'elastic' }));
    const [finding, ...more] = failed(await stream.bind({ name: 'elastic', shards: 4 }).check(context));
    expect(finding).toMatchObject({ fact: 'capacity of elastic', expected: '4 shards', observed: '4 shards in on-demand mode' });
    expect(finding?.hint).toContain('aws kinesis delete-stream --stream-name elastic');
    expect(more).toEqual([]);
  });
});

describe('a stream in on-demand mode', () => {
  it('is told from one with shards', async () => {
    const { context } = bench.visit();
    await stream.bind({ name: 'fixed', shards: 4 }).apply(context);
    const elastic = stream.bind({ name: 'fixed', mode: 'on-demand' });
    expect(failed(await elastic.check(context))).toMatchObject([
      { fact: 'capacity of fixed', expected: 'on-demand mode', observed: '4 shards', hint: expect.stringContaining('ON_DEMAND') },
    ]);
    await expect(elastic.apply(context)).rejects.toThrow('The stream fixed is there already, and has 4 shards instead of on-demand mode.');
  });

  it('takes no number of shards, and one in provisioned mode needs one', () => {
    expect(() => stream.bind({ name: 'a', mode: 'on-demand', shards: 1 })).toThrow('takes no number of shards');
    expect(() => stream.bind({ name: 'a' })).toThrow('has a number of shards');
  });
});

describe('the retention of a stream', () => {
  const hours = (retention: number) => stream.bind({ name: 'kept', shards: 1, 'retention-hours': retention });

  it('is compared, and made longer and shorter', async () => {
    const { context, writes } = bench.visit();
    await stream.bind({ name: 'kept', shards: 1 }).apply(context);
    const [finding, ...more] = failed(await hours(72).check(context));
    expect(finding).toMatchObject({ fact: 'retention of kept', expected: '72 hours', observed: '24 hours' });
    expect(finding?.hint).toContain('aws kinesis increase-stream-retention-period --stream-name kept --retention-period-hours 72');
    expect(more).toEqual([]);
    for (const retention of [72, 48, 48]) {
      await hours(retention).apply(context);
      expect(failed(await hours(retention).check(context))).toEqual([]);
    }
    expect(writes.map(({ operation }) => operation)).toEqual([
      'CreateStream',
      'IncreaseStreamRetentionPeriod',
      'DecreaseStreamRetentionPeriod',
    ]);
  });

  it('is left alone where the step says nothing about it', async () => {
    const { context, writes } = bench.visit();
    const step = stream.bind({ name: 'kept', shards: 1 });
    await step.apply(context);
    expect(failed(await step.check(context))).toEqual([]);
    expect(writes).toEqual([]);
  });
});

describe('doing a stream', () => {
  it('does not touch one of another size, and says what to do', async () => {
    const { context, writes } = bench.visit();
    await stream.bind({ name: 'large', shards: 3 }).apply(context);
    const applying = stream.bind({ name: 'large', shards: 1 }).apply(context);
    await expect(applying).rejects.toThrow('The stream large is there already, and has 3 shards instead of 1 shard.');
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('aws kinesis delete-stream') });
    expect(writes).toHaveLength(1);
  });

  it('waits for one of that name to be gone', async () => {
    const { context } = bench.visit();
    const step = stream.bind({ name: 'again', shards: 1 });
    await step.apply(context);
    await context.aws.call(apiCall('kinesis', 'DeleteStream', { StreamName: 'again' }));
    expect(failed(await step.check(context))).toMatchObject([{ observed: 'a stream that is being deleted' }]);
    await step.apply(context);
    expect(failed(await step.check(context))).toEqual([]);
  });
});
