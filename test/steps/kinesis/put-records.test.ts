import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../../src/aws/api-call.ts';
import type { Aws } from '../../../src/aws/aws.ts';
import { putRecordsStep } from '../../../src/steps/kinesis/put-records.ts';
import { storedRecords } from '../../../src/steps/kinesis/record.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** A stream of its own with records in it. */
async function streamWith(name: string, records: readonly { readonly key: string; readonly data: string }[] = []): Promise<string> {
  const { context } = bench.visit();
  await stream.bind({ name, shards: 2 }).apply(context);
  for (const { key, data } of records) {
    await context.aws.call(apiCall('kinesis', 'PutRecord', { StreamName: name, PartitionKey: key, Data: Buffer.from(data) }));
  }
  return name;
}

/** The same AWS, whose shards take only so many records of each call and answer for the others that they have no room. */
function withRoomFor(room: number, aws: Aws): Aws {
  return {
    ...aws,
    async call<Output>(call: ApiCall<Output>): Promise<Output> {
      if (call.operation !== 'PutRecords') return aws.call(call);
      const given = call.input['Records'] as readonly unknown[];
      const taken = { ...call, input: { ...call.input, Records: given.slice(0, room) } } as ApiCall<{ Records: unknown[] }>;
      const { Records } = room === 0 ? { Records: [] } : await aws.call(taken);
      const refused = given.slice(room).map(() => ({ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' }));
      return { FailedRecordCount: refused.length, Records: [...Records, ...refused] } as Output;
    },
  };
}

const records = (...data: string[]) => data.map((each) => ({ 'partition-key': each, data: each }));

describe('putting several records', () => {
  it('puts only those that are not there yet', async () => {
    const name = await streamWith('some', [{ key: 'b', data: 'b' }]);
    const { context, writes } = bench.visit();
    await putRecordsStep.bind({ stream: name, records: records('a', 'b', 'c') }).apply(context);
    expect(writes).toEqual([
      apiCall('kinesis', 'PutRecords', {
        StreamName: name,
        Records: ['a', 'c'].map((each) => ({ Data: new TextEncoder().encode(each), PartitionKey: each })),
      }),
    ]);
  });

  it('takes two equal records for two', async () => {
    const name = await streamWith('twins', [{ key: 'a', data: 'a' }]);
    const step = putRecordsStep.bind({ stream: name, records: records('a', 'a') });
    expect(failed(await step.check(bench.visit().context))).toHaveLength(1);
    await step.apply(bench.visit().context);
    expect(failed(await step.check(bench.visit().context))).toEqual([]);
  });

  it('puts again what a shard had no room for, until all are in', async () => {
    const name = await streamWith('busy');
    const { context, writes } = bench.visit();
    const step = putRecordsStep.bind({ stream: name, records: records('a', 'b', 'c', 'd') });
    await step.apply({ ...context, aws: withRoomFor(1, context.aws) });
    expect(writes.map((call) => (call.input['Records'] as unknown[]).length)).toEqual([1, 1, 1, 1]);
    expect(await storedRecords(context.aws, name, ['a', 'b', 'c', 'd'])).toHaveLength(4);
    expect(failed(await step.check(context))).toEqual([]);
  });

  it('gives up when the shards never have room', async () => {
    const name = await streamWith('full');
    const { context } = bench.visit();
    const applying = putRecordsStep.bind({ stream: name, records: records('a') }).apply({ ...context, aws: withRoomFor(0, context.aws) });
    await expect(applying).rejects.toThrow('Waited 30 s for full to take 1 record, in vain.');
  });

  it('says what to do when there is no stream', async () => {
    const applying = putRecordsStep.bind({ stream: 'missing', records: records('a') }).apply(bench.visit().context);
    await expect(applying).rejects.toMatchObject({ hint: expect.stringContaining('Create the stream missing first') });
  });
});

describe('the check of several records', () => {
  it('counts what is there, and names the first that is missing', async () => {
    const name = await streamWith('gaps', [{ key: 'a', data: 'a' }]);
    expect(await putRecordsStep.bind({ stream: name, records: records('a', 'b', 'c') }).check(bench.visit().context)).toMatchObject([
      { fact: 'records in gaps', expected: '3 records', observed: expect.stringMatching(/^1 of them; instead of b, /), ok: false },
    ]);
  });

  it('notes the answer that the put must have had', async () => {
    const name = await streamWith('byhand', [
      { key: 'b', data: 'b' },
      { key: 'a', data: 'a' },
    ]);
    const { context, found } = bench.visit({ readOnly: true });
    const step = putRecordsStep.bind({ stream: name, records: records('a', 'b') });
    expect(failed(await step.check(context))).toEqual([]);
    expect(found).toMatchObject([
      {
        call: step.explain()[0],
        answer: { FailedRecordCount: 0, Records: [{ ShardId: expect.any(String) }, { ShardId: expect.any(String) }] },
      },
    ]);
  });
});

describe('what a session has read of a stream', () => {
  /** The same AWS, and how many records it has given out. */
  function counting(aws: Aws): { readonly aws: Aws; read(): number } {
    let count = 0;
    return {
      read: () => count,
      aws: {
        ...aws,
        async call<Output>(call: ApiCall<Output>): Promise<Output> {
          const answer = await aws.call(call);
          if (call.operation === 'GetRecords') count += (answer as { readonly Records: readonly unknown[] }).Records.length;
          return answer;
        },
      },
    };
  }

  it('it does not read again, and it sees what comes', async () => {
    const name = await streamWith('grown', [
      { key: 'a', data: 'one' },
      { key: 'a', data: 'two' },
    ]);
    const { context } = bench.visit();
    const { aws, read } = counting(context.aws);
    const texts = async () => (await storedRecords(aws, name, ['a']))?.map(({ text }) => text);
    expect(await texts()).toEqual(['one', 'two']);
    await aws.call(apiCall('kinesis', 'PutRecord', { StreamName: name, PartitionKey: 'a', Data: Buffer.from('three') }));
    expect(await texts()).toEqual(['one', 'two', 'three']);
    expect(await texts()).toEqual(['one', 'two', 'three']);
    expect(read()).toBe(3);
  });

  it('it does not take for what is in a stream of the same name that was made anew', async () => {
    const name = await streamWith('reborn', [{ key: 'a', data: 'old' }]);
    const { context } = bench.visit();
    expect(await storedRecords(context.aws, name, ['a'])).toHaveLength(1);
    await stream.resources[0]?.remove(name, context);
    await streamWith(name, [{ key: 'a', data: 'new' }]);
    expect((await storedRecords(context.aws, name, ['a']))?.map(({ text }) => text)).toEqual(['new']);
  });
});
