import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contains } from '../../../src/steps/logs/contains.ts';
import { type Bench, openBench } from '../../support/step-bench.ts';
import { writeLog } from '../../support/write-log.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const start = 'START RequestId: id-1 Version: $LATEST';
const report = 'REPORT RequestId: id-1\tDuration: 3.01 ms\t';
const info = (text: string): string => `2026-11-21T09:00:00.000Z\tid-1\tINFO\t${text}`;

async function logOf(group: string, messages: readonly string[]): Promise<string> {
  await writeLog(bench.visit().context.aws, group, messages);
  return group;
}

describe('a log that shows the text', () => {
  it('is met, and the event is noted as the answer', async () => {
    const group = await logOf('/aws/lambda/logger', [start, info('Hello "you"'), report]);
    const step = contains.bind({ group, text: 'Hello "you"' });
    const { context, found } = bench.visit({ readOnly: true });
    expect(await step.check(context)).toMatchObject([{ ok: true, expected: 'an event with Hello "you"' }]);
    expect(found).toMatchObject([{ answer: { events: [{ message: `${info('Hello "you"')}\n`, logStreamName: expect.any(String) }] } }]);
  });

  it('is found by the call that is explained', async () => {
    const group = await logOf('/aws/lambda/explained', [info('Hello "you"'), info('Hello me')]);
    const step = contains.bind({ group, text: 'Hello "you"' });
    const [call] = step.explain();
    await step.check(bench.visit().context);
    expect(call && (await bench.visit().context.aws.call(call))).toMatchObject({ events: [{ message: `${info('Hello "you"')}\n` }] });
  });

  it('has to show it as often as asked', async () => {
    const group = await logOf('/aws/lambda/twice', [info('a'), info('a')]);
    expect(await contains.bind({ group, text: 'INFO\ta', count: 2 }).check(bench.visit().context)).toMatchObject([{ ok: true }]);
    expect(await contains.bind({ group, text: 'INFO\ta', count: 3, within: 5 }).check(bench.visit().context)).toMatchObject([
      { ok: false, expected: '3 events with INFO\ta', observed: '2 so far' },
    ]);
  });

  it('is watched for as long as it takes', async () => {
    const step = contains.bind({ group: '/aws/lambda/late', text: 'Hello', within: 60 });
    const { context } = bench.visit();
    const checking = step.check(context);
    await bench.sandbox.clock.sleep(20_000);
    await logOf('/aws/lambda/late', [info('Hello')]);
    expect(await checking).toMatchObject([{ ok: true }]);
  });
});

describe('a log that does not show the text', () => {
  it('is told from one that does not exist', async () => {
    const [finding] = await contains.bind({ group: '/aws/lambda/none', text: 'Hello' }).check(bench.visit().context);
    expect(finding).toMatchObject({ fact: 'log /aws/lambda/none', observed: 'there is no such log group', ok: false });
    expect(finding?.hint).toContain('invoked for the first time');
  });

  it('is quoted from its end', async () => {
    const group = await logOf('/aws/lambda/other', [start, info('one'), info('two'), report]);
    expect(await contains.bind({ group, text: 'Hello', within: 5 }).check(bench.visit().context)).toMatchObject([
      { observed: `none; the log ends with ${info('one')} / ${info('two')} / ${report.trim()}` },
    ]);
  });

  it.each([
    ['throws', '2026-11-21T09:00:00.000Z\tid-1\tERROR\tInvoke Error \t{"errorMessage":"boom"}', 'boom', 'invoked, and failed'],
    ['throws in Python', '[ERROR] ValueError: boom\nTraceback (most recent call last):', 'ValueError: boom', 'invoked, and failed'],
    ['takes too long', '2026-11-21T09:00:03.010Z id-1 Task timed out after 3.00 seconds', undefined, '--timeout'],
    ['cannot be loaded', "Runtime.ImportModuleError: Error: Cannot find module 'index'", undefined, 'The zip has no index.'],
    [
      'is not allowed to',
      '2026-11-21T09:00:00.000Z\tid-1\tERROR\tAccessDeniedException: not authorized to perform',
      undefined,
      'execution role',
    ],
  ])('quotes the error of a function that %s, and says what to do', async (what, event, error, hint) => {
    const group = await logOf(`/aws/lambda/${what.replaceAll(' ', '-')}`, [start, event, 'END RequestId: id-1', report]);
    const started = bench.sandbox.clock.now();
    const [finding] = await contains.bind({ group, text: 'Hello' }).check(bench.visit().context);
    expect(finding).toMatchObject({ observed: `the function fails: ${error ?? event}`, hint: expect.stringContaining(hint), ok: false });
    // The news does not wait for the end of the time.
    expect(bench.sandbox.clock.now() - started).toBeLessThan(30_000);
  });

  it('does not quote an error of an invocation before the last', async () => {
    const error = '2026-11-21T09:00:00.000Z\tid-0\tERROR\tInvoke Error';
    const group = await logOf('/aws/lambda/mended', [start, error, report, start, info('fine'), report]);
    const [finding] = await contains.bind({ group, text: 'Hello', within: 5 }).check(bench.visit().context);
    expect(finding?.observed).toMatch(/^none; the log ends with /);
  });
});
