import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCall, isReadOnly } from '../../src/aws/api-call.ts';
import { type Place, permissionsFor } from '../../src/aws/permission.ts';
import { callsOf } from '../../src/runner/preflight/planned-calls.ts';
import { account, type Bench, failed, kindOf, openBench, stepOf } from '../support/step-bench.ts';
import { prepare, stepExamples } from '../support/step-examples.ts';

// Kinds that do nothing themselves are met as soon as what they look at is there.
const looksOnly = new Set(['aws/call', 'kinesis/read', 'logs/contains', 's3/object', 'sqs/receive']);

/** Calls without those that are equal to one before: a record that was missed is put again. */
function distinct(calls: readonly ApiCall[]): readonly ApiCall[] {
  return calls.filter((call, index) => calls.findIndex((other) => isDeepStrictEqual(other, call)) === index);
}

const place: Place = { partition: 'aws', region: 'us-east-1', account };

/** What was asked of AWS and is not declared, as permissions; ids that AWS makes up, keys of objects and what iterators are of are all alike. */
function undeclared(made: readonly ApiCall[], declared: readonly ApiCall[]): readonly string[] {
  const asked = (calls: readonly ApiCall[]) =>
    calls
      .flatMap((call) => permissionsFor(call, place))
      .map(({ action, resource }) => `${action} ${resource}`.replace(/[\da-f-]{36}$|(?<=:::[^/]+\/).*$|(?<=:GetRecords ).*$/, '*'));
  const known = new Set(asked(declared));
  return [...new Set(asked(made))].filter((each) => !known.has(each));
}

describe.each(stepExamples)('$uses, example $number', ({ uses: name, with: example, before }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(async () => {
    await bench.close();
    expect(bench.bugs).toEqual([]);
  });

  it('keeps the contract of a step', async () => {
    const step = await stepOf(name, example);

    // Not done, it is not met, whether its prerequisites are there or not. A question is not done but answered.
    const asks = step.question() !== undefined;
    if (!asks) expect(failed(await step.check(bench.visit({ readOnly: true }).context))).not.toEqual([]);
    await prepare(bench, before);
    if (!looksOnly.has(name) && !asks) expect(failed(await step.check(bench.visit({ readOnly: true }).context))).not.toEqual([]);

    // Doing it makes the writes that were explained, and no others.
    const visit = bench.visit();
    const { context, calls, writes } = visit;
    await step.apply(context);
    const explained = step.explain().filter((call) => !isReadOnly(call));
    expect(distinct(writes)).toEqual(distinct(explained));

    // Done, it is met, which a session that cannot write is enough to see; or whoever did it, where nothing is left of it.
    const look = step.leavesTrace() ? bench.visit({ readOnly: true }) : visit;
    expect(failed(await step.check(look.context))).toEqual([]);
    for (const { call } of Object.values(step.outputs)) {
      const answer = look.found.find((each) => each.call.operation === call.operation)?.answer ?? (await look.context.aws.call(call));
      expect(answer).toBeDefined();
    }

    // Done again, it writes nothing, if anything shows that it was done.
    const again = bench.visit();
    if (step.leavesTrace()) {
      await step.apply(again.context);
      expect(again.writes).toEqual([]);
    }

    // What it owns is there, and can be removed until nothing is left.
    const kind = await kindOf(name);
    const resourceOf = (type: string) => {
      const resource = kind.resources.find((each) => each.type === type);
      if (resource === undefined) throw new Error(`${name} owns a ${type}, and cannot remove one.`);
      return resource;
    };
    const owned = step.owns();
    for (const { type, id } of owned.toReversed()) {
      // Lambda creates the log group of a function when it is invoked for the first time.
      if (type !== 'logs:group') expect(await resourceOf(type).exists(id, context)).toBe(true);
      await resourceOf(type).remove(id, context);
      expect(await resourceOf(type).exists(id, context)).toBe(false);
      await resourceOf(type).remove(id, context);
    }
    // All that it has asked of AWS was declared.
    expect(undeclared([...calls, ...look.calls, ...again.calls], callsOf(kind, step))).toEqual([]);
    if (owned.length > 0) expect(failed(await step.check(bench.visit({ readOnly: true }).context))).not.toEqual([]);
  });
});
