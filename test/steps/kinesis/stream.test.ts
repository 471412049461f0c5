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
