import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReadOnly } from '../../src/aws/api-call.ts';
import { packageLabs } from '../../src/runner/library.ts';
import { modes } from '../../src/runner/mode.ts';
import { type LabBench, type LabRun, openLabBench } from '../support/lab-bench.ts';

// What every lab promises. The tests of a lab build on each other: red, done, done again, looked at, taken down, red.

const labs = readdirSync(packageLabs).filter((file) => file.endsWith('.md'));

describe.each(labs)('%s', (file) => {
  let lab: LabBench;
  let done: LabRun;

  beforeAll(async () => {
    lab = await openLabBench(join(packageLabs, file));
  });

  afterAll(async () => {
    await lab.close();
    expect(lab.bench.bugs).toEqual([]);
  });

  const outcomes = (run: LabRun): Record<string, string> => Object.fromEntries(run.result.steps.map(({ id, outcome }) => [id, outcome]));
  const written = (run: LabRun): string[] =>
    [...run.writes].flatMap(([step, calls]) => calls.map(({ service, operation }) => `${step}: ${service}:${operation}`));
  const writesOf = (calls: LabRun['promised']): Record<string, readonly unknown[]> =>
    Object.fromEntries([...calls].map(([step, made]) => [step, distinct(made.filter((call) => !isReadOnly(call)))]));

  it('is red before anything has been done, and every single step of it is', async () => {
    const run = await lab.walk(modes.check);
    expect(run.result.outcome).toBe('not-met');
    expect(Object.entries(outcomes(run)).filter(([, outcome]) => outcome === 'met')).toEqual([]);
    expect(run.result.points.earned).toBe(0);
    expect(written(run)).toEqual([]);
  });

  it('is green when the runner has done it, with all points', async () => {
    done = await lab.walk(modes.test, { keep: true });
    expect(done.result.problem).toBeUndefined();
    expect(done.result.steps.filter(({ outcome }) => outcome !== 'met')).toEqual([]);
    expect(done.result.outcome).toBe('met');
    expect(done.result.points.earned).toBe(done.result.points.possible);
  });

  it('has made the writes that it had promised, and no others', () => {
    expect(writesOf(done.writes)).toEqual(writesOf(done.promised));
  });

  it('writes nothing when it is done again', async () => {
    const again = await lab.walk(modes.test, { keep: true });
    expect(again.result.outcome).toBe('met');
    expect(written(again)).toEqual([]);
  });

  it('is green for somebody who may only look', async () => {
    const looked = await lab.walk(modes.check);
    expect(looked.result.steps.filter(({ outcome }) => outcome !== 'met' && outcome !== 'left-out')).toEqual([]);
    expect(written(looked)).toEqual([]);
  });

  it('leaves nothing behind when it is taken down', async () => {
    expect(await lab.inventory()).not.toEqual([]);
    const last = await lab.walk(modes.test);
    expect(last.result.left).toEqual([]);
    expect(await lab.inventory()).toEqual([]);
  });

  it('is red again afterwards', async () => {
    const run = await lab.walk(modes.check);
    expect(Object.entries(outcomes(run)).filter(([, outcome]) => outcome === 'met')).toEqual([]);
  });
});

/** Putting a record again is the same call made twice. */
function distinct(calls: readonly unknown[]): unknown[] {
  const seen = new Map(calls.map((call) => [JSON.stringify(call), call]));
  return [...seen.keys()].sort().map((key) => seen.get(key));
}
