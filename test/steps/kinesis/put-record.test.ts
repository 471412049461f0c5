import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { putRecordStep } from '../../../src/steps/kinesis/put-record.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';
import { writeLog } from '../../support/write-log.ts';

const record = { stream: 'orders', 'partition-key': '1', data: 'Hello' };

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  for (const name of ['orders', 'watched', 'failing']) await stream.bind({ name, shards: 2 }).apply(bench.visit().context);
});
afterAll(() => bench.close());

async function put(Data: string, PartitionKey: string): Promise<void> {
  await bench.visit().context.aws.call(apiCall('kinesis', 'PutRecord', { StreamName: 'orders', Data: Buffer.from(Data), PartitionKey }));
}

describe('the check of a record', () => {
  it('says when there is no stream', async () => {
    const step = putRecordStep.bind({ ...record, stream: 'missing' });
    expect(await step.check(bench.visit().context)).toMatchObject([{ ok: false, observed: 'there is no stream missing' }]);
  });

  it('says what is there instead, or that nothing is', async () => {
    expect(await putRecordStep.bind(record).check(bench.visit().context)).toMatchObject([
      { fact: 'record with partition key 1 in orders', expected: 'Hello', observed: 'no records in the shard of this key', ok: false },
    ]);
    await put('Good bye', '1');
    expect(await putRecordStep.bind(record).check(bench.visit().context)).toMatchObject([
      { observed: 'other records only, the last one being Good bye' },
    ]);
  });

  it('knows data that was encoded twice', async () => {
    await put('SGVsbG8gdHdpY2U=', '1');
    const [finding] = await putRecordStep.bind({ ...record, data: 'Hello twice' }).check(bench.visit().context);
    expect(finding).toMatchObject({ observed: 'the data in base64: SGVsbG8gdHdpY2U=', ok: false });
    expect(finding?.hint).toContain('It was encoded twice.');
  });

  it('knows data that lost its quotes on the way, or got others', async () => {
    const data = { trans_id: 1, trans_type: 'ATM' };
    for (const text of ["{'trans_id': 1, 'trans_type': 'ATM'}", '{trans_id: 1, trans_type: ATM}']) {
      await put(text, 'quoted');
      const [finding] = await putRecordStep.bind({ ...record, 'partition-key': 'quoted', data }).check(bench.visit().context);
      expect(finding).toMatchObject({ observed: expect.stringContaining('the data with other quotes: {'), ok: false });
      expect(finding?.hint).toContain('Put the JSON in single quotes');
    }
    await put('{ "trans_type": "ATM", "trans_id": 1 }', 'quoted');
    expect(failed(await putRecordStep.bind({ ...record, 'partition-key': 'quoted', data }).check(bench.visit().context))).toEqual([]);
  });

  it('knows data under another partition key of the same shard', async () => {
    await put('Hello there', '2');
    const [finding] = await putRecordStep.bind({ ...record, data: 'Hello there' }).check(bench.visit().context);
    expect(finding).toMatchObject({ observed: 'the data under the partition key 2', ok: false });
  });

  it('finds a record that the learner put, with its shard and sequence number', async () => {
    const { context, found } = bench.visit({ readOnly: true });
    await put('{"by":"hand"}', 'device-1');
    const step = putRecordStep.bind({ stream: 'orders', 'partition-key': 'device-1', data: { by: 'hand' } });
    expect(failed(await step.check(context))).toEqual([]);
    expect(found).toEqual([
      {
        call: step.explain()[0],
        answer: { ShardId: expect.stringMatching(/^shardId-\d{12}$/), SequenceNumber: expect.stringMatching(/^\d{56}$/) },
      },
    ]);
  });
});

describe('putting a record', () => {
  it('says what to do when there is no stream', async () => {
    const applying = putRecordStep.bind({ ...record, stream: 'missing' }).apply(bench.visit().context);
    await expect(applying).rejects.toThrow(/^AWS answered ResourceNotFoundException to kinesis:PutRecord: Stream missing under account/);
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('Create the stream missing first') });
  });

  it('is done up to four times more while the log does not show the record', async () => {
    const step = putRecordStep.bind({ ...record, stream: 'watched', 'seen-in': { group: '/aws/lambda/deaf' } });
    const { context, writes } = bench.visit();
    const started = bench.sandbox.clock.now();
    await step.apply(context);
    expect(writes).toHaveLength(5);
    expect(bench.sandbox.clock.now() - started).toBeGreaterThan(160_000);
    expect(failed(await step.check(context))).toMatchObject([
      { fact: 'record in the log /aws/lambda/deaf', observed: 'there is no such log group' },
    ]);
  });

  it('is not done again when the function fails, and the check quotes its error', async () => {
    const error = '2026-11-21T09:00:00.000Z\tid-1\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"boom"}';
    await writeLog(bench.visit().context.aws, '/aws/lambda/failing', ['START RequestId: id-1 Version: $LATEST', error]);
    const step = putRecordStep.bind({ ...record, stream: 'failing', 'seen-in': { group: '/aws/lambda/failing' } });
    const { context, writes } = bench.visit();
    await step.apply(context);
    expect(writes).toHaveLength(1);
    const [finding, ...more] = failed(await step.check(context));
    expect(finding?.observed).toBe('the function fails: Error: boom');
    expect(finding?.hint).toContain('The function was invoked, and failed.');
    expect(more).toEqual([]);
  });
});
