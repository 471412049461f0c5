import { describe, expect, it } from 'vitest';
import { lambdaSandbox } from '../../support/lambda.ts';
import { hasBoto3, hasPython, needs } from '../../support/programs.ts';

const ahead = lambdaSandbox({ virtualTime: true });
const machine = lambdaSandbox();
const python = { Runtime: 'python3.13', Timeout: 20 } as const;
const hour = 3_600_000;

/** Times in milliseconds, on the way from one look at the sandbox's clock to the next. */
async function looking<T>(at: () => Promise<T>): Promise<{ readonly seen: T; readonly from: number; readonly to: number }> {
  const from = ahead.sandbox.clock.now();
  const seen = await at();
  return { seen, from, to: ahead.sandbox.clock.now() };
}

const nodeCode = `
  const { statSync } = require('node:fs');
  const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
  const Kept = Date;
  const loaded = Date.now();
  class Own extends Date {}
  const sts = new STSClient({ maxAttempts: 1 });
  exports.handler = async (event, context) => {
    const started = performance.now();
    const remaining = context.getRemainingTimeInMillis();
    const arn = event.call ? (await sts.send(new GetCallerIdentityCommand({}))).Arn : undefined;
    console.log('logged');
    return {
      loaded, arn, remaining,
      times: [Date.now(), new Date().getTime(), +new Date(), Date.parse(Date()), Kept.now(), new Kept().getTime(), new Own().getTime(), Date.parse(new Date().toISOString())],
      passed: performance.now() - started,
      origin: performance.timeOrigin,
      kinds: [new Date() instanceof Date, new Own() instanceof Own, statSync('.').mtime instanceof Date, new Date().constructor === Date,
        typeof Date(), Date.length, Date.now.name, Object.prototype.toString.call(new Date())],
      given: [new Date(0).toISOString(), new Date(2026, 0, 2).getDate(), Date.UTC(1970, 0, 2), String(new Date(undefined))],
      arguments: process.argv.length,
    };
  };`;

interface NodeSeen {
  readonly loaded: number;
  readonly arn?: string;
  readonly remaining: number;
  readonly times: readonly number[];
  readonly passed: number;
  readonly origin: number;
  readonly kinds: readonly unknown[];
  readonly given: readonly unknown[];
  readonly arguments: number;
}

describe('A Node.js function of a sandbox whose time jumps', () => {
  it('sees the time of the sandbox, from loading on, and each time that it is invoked', async () => {
    const name = await ahead.deploy(nodeCode, { Timeout: 20 });
    await ahead.sandbox.clock.sleep(hour);
    const cold = await looking(async () => (await ahead.invoke(name)).answer as NodeSeen);
    expect(cold.seen.loaded).toBeGreaterThanOrEqual(cold.from);
    await ahead.sandbox.clock.sleep(48 * hour);
    const warm = await looking(async () => (await ahead.invoke(name)).answer as NodeSeen);
    expect(warm.from - cold.to).toBeGreaterThanOrEqual(48 * hour);
    for (const { seen, from, to } of [cold, warm]) {
      // The text of a date has whole seconds.
      for (const time of seen.times) expect([time >= from - 1_000, time <= to]).toEqual([true, true]);
      expect(seen.remaining).toBeGreaterThan(15_000);
      expect(seen.remaining).toBeLessThanOrEqual(20_000);
      expect(seen.passed).toBeLessThan(20_000);
      expect(seen.origin).toBeLessThan(Date.now());
      expect(seen.kinds).toEqual([true, true, true, true, 'string', 7, 'now', '[object Date]']);
      expect(seen.given).toEqual(['1970-01-01T00:00:00.000Z', 2, 86_400_000, 'Invalid Date']);
      expect(seen.arguments).toBe(2);
    }
  });

  it('calls AWS, however far the time has jumped since it did before', async () => {
    const name = await ahead.deploy(nodeCode, { Timeout: 20 });
    for (const jump of [0, hour, 100 * hour, 3 * 60_000]) {
      await ahead.sandbox.clock.sleep(jump);
      expect(await ahead.invoke(name, { call: true })).toMatchObject({
        error: undefined,
        answer: { arn: expect.stringContaining(`assumed-role/runner/${name}`) },
      });
    }
  });

  it('logs with that time, inside the line and beside it', async () => {
    const name = await ahead.deploy(nodeCode, { Timeout: 20 });
    await ahead.sandbox.clock.sleep(hour);
    const { from, to } = await looking(() => ahead.invoke(name));
    const events = await ahead.events(name);
    const line = events.find(({ message }) => message?.includes('logged'));
    for (const time of [line?.timestamp ?? 0, Date.parse(line?.message?.split('\t')[0] ?? '')]) {
      expect([time >= from, time <= to]).toEqual([true, true]);
    }
  });
});

const pythonCode = (call: boolean) => `
import datetime, json, pickle, time
from datetime import date, datetime as kept, timezone
from time import time as kept_time
${call ? "import boto3\nsts = boto3.client('sts')" : ''}

loaded = time.time()

class Own(datetime.datetime):
    pass

def handler(event, context):
    utc = timezone.utc
    started, remaining = time.monotonic(), context.get_remaining_time_in_millis()
    now = datetime.datetime.now(utc)
    return {
        'arn': ${call ? "sts.get_caller_identity()['Arn']" : 'None'},
        'loaded': loaded, 'remaining': remaining,
        'times': [
            time.time(), kept_time(), time.time_ns() / 1e9, time.mktime(time.localtime()), time.mktime(time.strptime(time.ctime())),
            time.mktime(time.strptime(time.asctime())), datetime.datetime(*time.gmtime()[:6], tzinfo=utc).timestamp(), float(time.strftime('%s')),
            now.timestamp(), datetime.datetime.now().timestamp(), datetime.datetime.today().timestamp(), kept.now().timestamp(),
            kept.utcnow().replace(tzinfo=utc).timestamp(), Own.now().timestamp(),
        ],
        'dates': [str(date.today()), str(datetime.date.today()), str(kept.today().date())],
        'passed': time.monotonic() - started,
        'kinds': [
            isinstance(now, datetime.datetime), isinstance(now, datetime.date), isinstance(now - datetime.timedelta(1), kept),
            type(now) is datetime.datetime, type(now.date()) is date, isinstance(Own.now(), Own), isinstance(now, Own), issubclass(kept, date),
            pickle.loads(pickle.dumps(now)) == now, repr(datetime.datetime(2026, 1, 2)), repr(date(2026, 1, 2)), repr(Own(2026, 1, 2)),
            datetime.datetime.fromisoformat('2026-01-02').isoformat(), datetime.datetime.strptime('2026', '%Y').year, time.gmtime(0).tm_year,
            json.dumps({'at': datetime.datetime(2026, 1, 2, tzinfo=utc).isoformat()}), isinstance(1, datetime.date),
        ],
    }
`;

interface PythonSeen {
  readonly arn: string | null;
  /** Seconds. */
  readonly loaded: number;
  readonly remaining: number;
  readonly times: readonly number[];
  readonly dates: readonly string[];
  readonly passed: number;
  readonly kinds: readonly unknown[];
}

describe.skipIf(!hasPython)(`A Python function of a sandbox whose time jumps${needs('python3', hasPython)}`, () => {
  it('sees the time of the sandbox, from loading on, and each time that it is invoked', async () => {
    const name = await ahead.deploy({ 'index.py': pythonCode(false) }, python);
    await ahead.sandbox.clock.sleep(hour);
    const cold = await looking(async () => (await ahead.invoke(name)).answer as PythonSeen);
    expect(cold.seen.loaded * 1_000).toBeGreaterThanOrEqual(cold.from);
    await ahead.sandbox.clock.sleep(48 * hour);
    const warm = await looking(async () => (await ahead.invoke(name)).answer as PythonSeen);
    for (const { seen, from, to } of [cold, warm]) {
      for (const time of seen.times) expect([time * 1_000 >= from - 1_000, time * 1_000 <= to + 1]).toEqual([true, true]);
      const [day] = new Date(to).toISOString().split('T');
      for (const date of seen.dates) expect(date).toBe(day);
      expect(seen.remaining).toBeGreaterThan(15_000);
      expect(seen.remaining).toBeLessThanOrEqual(20_000);
      expect(seen.passed).toBeLessThan(20);
      expect(seen.kinds).toEqual([
        ...[true, true, true, true, true, true, false, true, true],
        ...['datetime.datetime(2026, 1, 2, 0, 0)', 'datetime.date(2026, 1, 2)', 'Own(2026, 1, 2, 0, 0)', '2026-01-02T00:00:00', 2026, 1970],
        ...['{"at": "2026-01-02T00:00:00+00:00"}', false],
      ]);
    }
  });

  it.skipIf(!hasBoto3)(`calls AWS with boto3, however far the time has jumped${needs('boto3', hasBoto3)}`, async () => {
    const name = await ahead.deploy({ 'index.py': pythonCode(true) }, python);
    for (const jump of [0, hour, 100 * hour]) {
      await ahead.sandbox.clock.sleep(jump);
      expect((await ahead.invoke(name)).answer).toMatchObject({ arn: expect.stringContaining(`assumed-role/runner/${name}`) });
    }
  });
});

describe("A function of a sandbox that has the machine's time sees it untouched", () => {
  it('in Node.js', async () => {
    const { answer } = await machine.run(`const { isProxy } = require('node:util').types;
      exports.handler = async () => [isProxy(Date), String(Date), Date.now.toString(), process.argv.length, new Date().constructor === Date];`);
    expect(answer).toEqual([false, 'function Date() { [native code] }', 'function now() { [native code] }', 2, true]);
  });

  it.skipIf(!hasPython)(`in Python${needs('python3', hasPython)}`, async () => {
    const code = [
      'import datetime, sys, time',
      'def handler(event, context):',
      '  return [repr(time.time), str(datetime.datetime), type(datetime.datetime) is type, type(datetime.date) is type, len(sys.argv)]',
    ].join('\n');
    expect((await machine.run({ 'index.py': code }, python)).answer).toEqual([
      '<built-in function time>',
      "<class 'datetime.datetime'>",
      true,
      true,
      1,
    ]);
  });
});
