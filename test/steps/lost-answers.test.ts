import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReadOnly } from '../../src/aws/api-call.ts';
import { parseFault } from '../../src/sandbox/fault.ts';
import { type Bench, failed, kindOf, openBench, stepOf } from '../support/step-bench.ts';
import { prepare, stepExamples } from '../support/step-examples.ts';

// Every step that writes, while the answer to each of its writes is lost: the connection is cut when it has taken effect.

const writing = (
  await Promise.all(
    stepExamples.map(async (example) => {
      const step = await stepOf(example.uses, example.with);
      const writes = step.explain().filter((call) => !isReadOnly(call));
      return { ...example, step, writes: [...new Set(writes.map(({ service, operation }) => `${service}:${operation}`))] };
    }),
  )
).filter(({ writes }) => writes.length > 0);

describe.each(writing)('$uses, example $number', ({ uses, step, before, writes }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    await prepare(bench, before);
  });
  afterAll(async () => {
    await bench.close();
    expect(bench.bugs).toEqual([]);
  });

  it('is done, once, and removed, although no answer to a first write arrives', async () => {
    const { faults } = bench.sandbox;
    faults.add(...writes.map((call) => parseFault(`${call}=cut-after`)));
    const visit = bench.visit();
    await step.apply(visit.context);
    expect(faults.list.map(({ met }) => met)).toEqual(writes.map(() => 1));
    faults.clear();
    expect(failed(await step.check(step.leavesTrace() ? bench.visit({ readOnly: true }).context : visit.context))).toEqual([]);
    if (step.leavesTrace()) {
      const again = bench.visit();
      await step.apply(again.context);
      expect(again.writes).toEqual([]);
    }

    const { resources } = await kindOf(uses);
    for (const { type, id } of step.owns().toReversed()) {
      const resource = resources.find((each) => each.type === type) ?? expect.unreachable();
      faults.clear();
      faults.add(...['*:Delete*', '*:Remove*', '*:Detach*'].map((call) => parseFault(`${call}=cut-after`)));
      const { context } = bench.visit();
      const there = await resource.exists(id, context);
      await resource.remove(id, context);
      expect(await resource.exists(id, context)).toBe(false);
      if (there) expect(faults.list.some(({ met }) => met > 0)).toBe(true);
    }
  });
});

describe('records whose put got no answer', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    for (const name of ['one', 'many']) await (await stepOf('kinesis/stream', { name, shards: 2 })).apply(bench.visit().context);
  });
  afterAll(() => bench.close());

  it.each([
    ['one', 'kinesis/put-record', { 'partition-key': '1', data: 'Hello' }, 'kinesis:PutRecord'],
    [
      'many',
      'kinesis/put-records',
      {
        records: [
          { 'partition-key': '1', data: 'Hello' },
          { 'partition-key': '2', data: 'Hello' },
          { 'partition-key': '1', data: 'Hello' },
        ],
      },
      'kinesis:PutRecords',
    ],
  ])('are in the stream once, by the stream itself: %s', async (stream, uses, input, call) => {
    bench.sandbox.faults.add(parseFault(`${call}=cut-after`), parseFault(`${call}=cut-before`));
    await (await stepOf(uses, { stream, ...input })).apply(bench.visit().context);
    const count = 'records' in input ? input.records.length : 1;
    const read = await stepOf('kinesis/read', { stream, within: 1, expect: { count } });
    expect(failed(await read.check(bench.visit({ readOnly: true }).context))).toEqual([]);
  });
});

describe('an iterator that expires while it is read', () => {
  it('is taken anew behind the last record, and no record is read twice or left out', async () => {
    const bench = await openBench();
    const stream = 'orders';
    const data = Array.from({ length: 5 }, (_, index) => `order ${index}`);
    await (await stepOf('kinesis/stream', { name: stream, shards: 1 })).apply(bench.visit().context);
    const records = data.map((each) => ({ 'partition-key': '1', data: each }));
    await (await stepOf('kinesis/put-records', { stream, records })).apply(bench.visit().context);
    bench.sandbox.faults.add(...['', ',after=1', ',after=1'].map((more) => parseFault(`kinesis:GetRecords=expired-iterator${more}`)));
    const read = await stepOf('kinesis/read', { stream, limit: 2, expect: { count: 5, data, 'in-order': true } });
    expect(failed(await read.check(bench.visit({ readOnly: true }).context))).toEqual([]);
    expect(bench.sandbox.faults.list.map(({ met }) => met)).toEqual([1, 1, 1]);
    bench.sandbox.faults.add(parseFault('kinesis:GetRecords=expired-iterator,times=99'));
    await expect(read.check(bench.visit({ readOnly: true }).context)).rejects.toMatchObject({ code: 'ExpiredIteratorException' });
    await bench.close();
  });
});

describe('a role that is not known everywhere yet', () => {
  it('is waited for by name, wherever it is needed', async () => {
    const bench = await openBench({ faults: [parseFault('role-propagation=10s'), parseFault('policy-propagation=45s')] }, 60_000);
    const { context, waits } = bench.visit();
    for (const example of [...(stepExamples.find(({ uses }) => uses === 'lambda/event-source-mapping')?.before ?? [])]) {
      if ('uses' in example) await (await stepOf(example.uses, example.with)).apply(context);
    }
    const mapping = stepExamples.findLast(({ uses }) => uses === 'lambda/event-source-mapping') ?? expect.unreachable();
    await (await stepOf(mapping.uses, mapping.with)).apply(context);
    expect(waits.filter((what) => what.includes('role'))).toEqual([
      'the role lambda-cli-role to be assumable by Lambda',
      'the role of kinesisEventLogger to be allowed to read the stream lambda-cli-stream',
    ]);
    await bench.close();
  });
});
