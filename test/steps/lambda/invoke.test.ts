import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFault } from '../../../src/sandbox/fault.ts';
import { functionStep } from '../../../src/steps/lambda/function.ts';
import { invoke } from '../../../src/steps/lambda/invoke.ts';
import type { Finding } from '../../../src/steps/step.ts';
import { toJson } from '../../../src/util/json.ts';
import { type Bench, failed, openBench, stepOf } from '../../support/step-bench.ts';

const handler = `
exports.handler = async ({ text, fail, sleep = 0 }) => {
  console.log('got ' + text);
  if (fail) throw new RangeError(fail);
  await new Promise((resolve) => setTimeout(resolve, sleep));
  return { text, length: text.length };
};`;

const role = 'arn:aws:iam::123456789012:role/writes-logs';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const { context } = bench.visit();
  const policy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await (await stepOf('iam/role', { name: 'writes-logs', 'managed-policies': [policy] })).apply(context);
  const code = mkdtempSync(join(tmpdir(), 'invoked-'));
  writeFileSync(join(code, 'index.js'), handler);
  const input = { role, handler: 'index.handler', code };
  await functionStep.bind({ name: 'measure', ...input }).apply(context);
  await functionStep.bind({ name: 'brief', timeout: 1, ...input }).apply(context);
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

/** Invokes and looks, as one step of a run does. */
async function run(input: object): Promise<readonly Finding[]> {
  const { context } = bench.visit();
  const step = invoke.bind({ function: 'measure', ...input });
  await step.apply(context);
  return step.check(context);
}

describe('an invocation', () => {
  it('is met when the function answers and logs what is expected', async () => {
    const expected = [
      { query: 'length', equals: 5 },
      { query: 'text', matches: '^H' },
    ];
    const findings = await run({ payload: { text: 'Hello' }, expect: expected, log: ['got Hello', 'REPORT RequestId'] });
    expect(failed(findings)).toEqual([]);
    expect(findings[0]).toMatchObject({ fact: 'invocation of measure', observed: 'the answer {"text":"Hello","length":5}' });
  });

  it('shows the payload as JSON, the error of the function, and the tail of its log as text', async () => {
    const { context, found } = bench.visit();
    const step = invoke.bind({ function: 'measure', payload: { text: 'x', fail: 'too far' }, 'expects-error': 'too far' });
    await step.apply(context);
    expect(failed(await step.check(context))).toEqual([]);
    expect(found.map(({ call }) => call)).toEqual([step.shows()]);
    expect(toJson(found[0]?.answer)).toEqual({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
      Payload: expect.objectContaining({ errorType: 'RangeError', errorMessage: 'too far' }),
      LogResult: expect.stringMatching(/got x.*RangeError.*REPORT RequestId/s),
    });
  });

  it.each([
    ['another answer', { payload: { text: 'ab' }, expect: [{ query: 'length', equals: 3 }] }, { expected: '3', observed: '2' }],
    [
      'an error',
      { payload: { text: 'a', fail: 'boom' } },
      {
        expected: 'an answer without an error',
        observed: 'RangeError: boom (index.js:4:19)',
        hint: expect.stringContaining('invoke it again'),
      },
    ],
    [
      'another error',
      { payload: { text: 'a', fail: 'boom' }, 'expects-error': 'bang' },
      { expected: 'an error with bang', observed: 'RangeError: boom (index.js:4:19)' },
    ],
    [
      'no error',
      { payload: { text: 'a' }, 'expects-error': 'Task timed out' },
      { expected: 'an error with Task timed out', observed: 'the answer {"text":"a","length":1}' },
    ],
    ['another log', { payload: { text: 'a' }, log: ['got b'] }, { expected: 'got b', observed: expect.stringContaining('got a') }],
  ])('is not met by %s, which is named', async (_, input, finding) => {
    expect(failed(await run(input))).toMatchObject([finding]);
  });

  it('may have to time out', async () => {
    const late = { function: 'brief', payload: { text: 'a', sleep: 60_000 } };
    expect(failed(await run({ ...late, 'expects-error': 'Task timed out after 1.00 seconds' }))).toEqual([]);
    const [finding] = failed(await run(late));
    expect(finding?.hint).toContain('--timeout 30');
  });

  it('says when there is no function', async () => {
    const step = invoke.bind({ function: 'missing' });
    expect(await step.check(bench.visit().context)).toMatchObject([{ ok: false, observed: 'there is no function missing' }]);
    await expect(step.apply(bench.visit().context)).rejects.toMatchObject({ exitCode: 1, hint: 'Create the function missing first.' });
  });

  it('says what to do about a payload that is not JSON', async () => {
    await expect(run({ payload: 'hello' })).rejects.toMatchObject({ hint: expect.stringContaining('in double quotes: "hello"') });
  });
});

describe('an invocation without evidence', () => {
  const input = { payload: { text: 'again' } };

  it('is made each time', async () => {
    const step = invoke.bind({ function: 'measure', ...input });
    expect(step.leavesTrace()).toBe(false);
    const { context, writes } = bench.visit();
    await step.apply(context);
    await step.apply(context);
    expect(writes).toHaveLength(2);
  });

  it('cannot be seen by somebody else', async () => {
    await run(input);
    const findings = await invoke.bind({ function: 'measure', ...input }).check(bench.visit({ readOnly: true }).context);
    expect(findings).toMatchObject([{ ok: false, observed: 'nothing that can be seen from here' }]);
  });
});

describe('an invocation with evidence', () => {
  it('is seen by everybody, and not made again', async () => {
    const step = invoke.bind({ function: 'measure', payload: { text: 'nonce-7' }, type: 'Event', evidence: { text: 'got nonce-7' } });
    expect(step.leavesTrace()).toBe(true);
    await step.apply(bench.visit().context);
    expect(failed(await step.check(bench.visit({ readOnly: true }).context))).toEqual([]);
    const { context, writes } = bench.visit();
    await step.apply(context);
    expect(writes).toEqual([]);
  });

  it('is made again by whoever was answered wrongly, although the log shows it', async () => {
    const wrong = { payload: { text: 'wrong' }, expect: [{ query: 'length', equals: 7 }], evidence: { text: 'got wrong' } };
    const step = invoke.bind({ function: 'measure', ...wrong });
    const { context, writes } = bench.visit();
    await step.apply(context);
    expect(failed(await step.check(context))).toMatchObject([{ expected: '7', observed: '5' }]);
    await step.apply(context);
    expect(writes).toHaveLength(2);
  });

  it('is not met while the log does not show it', async () => {
    const step = invoke.bind({ function: 'measure', evidence: { text: 'got nothing at all' }, within: 2 });
    expect(await step.check(bench.visit({ readOnly: true }).context)).toMatchObject([
      { fact: 'log /aws/lambda/measure', expected: 'an event with got nothing at all', ok: false },
    ]);
  });

  it('is what an Event needs in place of expectations', () => {
    const event = { function: 'measure', type: 'Event' };
    for (const expected of [{ expect: [{ query: 'a', equals: 1 }] }, { 'expects-error': 'x' }, { log: ['x'] }]) {
      expect(() => invoke.bind({ ...event, ...expected })).toThrow('is answered before the function runs; give `evidence`');
    }
  });
});

describe('an invocation of a function whose role was written just now', () => {
  const lists = `
const { KinesisClient, ListStreamsCommand } = require('@aws-sdk/client-kinesis');
exports.handler = async () => {
  const { StreamNames } = await new KinesisClient().send(new ListStreamsCommand());
  console.log('listed ' + StreamNames.length);
  return StreamNames;
};`;
  const list = { code: lists, allowed: 'kinesis:ListStreams' };

  /** Invokes it where policies take `slow` to take effect, and what is refused may pass for 60 s. @returns what is not met, how often it was invoked, and what was waited for */
  async function invoked(slow: string, made: { readonly code: string; readonly allowed: string }, input: object) {
    const own = await openBench({ faults: [parseFault(`policy-propagation=${slow}`)] }, 60_000);
    try {
      const { context, writes, waits } = own.visit();
      const code = mkdtempSync(join(tmpdir(), 'new-role-'));
      writeFileSync(join(code, 'index.js'), made.code);
      const Action = [made.allowed, 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
      const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
      await (await stepOf('iam/role', { name: 'new', policy: { name: 'new', document } })).apply(context);
      await functionStep
        .bind({ name: 'new', role: role.replace('writes-logs', 'new'), handler: 'index.handler', code, timeout: 60 })
        .apply(context);
      const step = invoke.bind({ function: 'new', ...input });
      await step.apply(context);
      const times = writes.filter(({ operation }) => operation === 'Invoke').length;
      return { unmet: failed(await step.check(context)), times, waits };
    } finally {
      await own.close();
      expect(own.bugs).toEqual([]);
    }
  }

  it('is made again until the function may do what it does', async () => {
    const { unmet, times, waits } = await invoked('10s', list, { expect: [{ query: '@', equals: [] }] });
    expect(unmet).toEqual([]);
    expect(times).toBeGreaterThan(1);
    expect(waits).toContain('the policies of the role new to take effect');
  });

  it('is made again until the function may log what it does, whether it is meant to fail or not', async () => {
    const code = handler;
    for (const input of [{ payload: { text: 'x' } }, { payload: { text: 'x', fail: 'too far' }, 'expects-error': 'too far' }]) {
      const { unmet, times } = await invoked('10s', { ...list, code }, { ...input, evidence: { text: 'got x' } });
      expect(unmet).toEqual([]);
      expect(times).toBe(2);
    }
  });

  it('is made once where everything is allowed, or the function fails for another reason', async () => {
    expect((await invoked('0s', list, { evidence: { text: 'listed 0' } })).times).toBe(1);
    const failing = await invoked(
      '0s',
      { ...list, code: handler },
      { payload: { fail: 'too far' }, evidence: { text: 'ended' }, within: 1 },
    );
    expect(failing).toMatchObject({ times: 1, unmet: [{ observed: expect.stringContaining('too far') }, {}] });
  });

  it('is not made for ever where the role does not allow what the function does', async () => {
    const { unmet, times } = await invoked('0s', { ...list, allowed: 'kinesis:DescribeStream' }, {});
    expect(unmet).toMatchObject([{ observed: expect.stringContaining('is not authorized to perform: kinesis:ListStreams') }]);
    expect(times).toBeGreaterThan(1);
    expect(times).toBeLessThan(30);
  });
});
