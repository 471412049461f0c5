import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { ZippedFolder } from '../../../src/aws/zipped-folder.ts';
import { role } from '../../../src/steps/iam/role.ts';
import { functionStep } from '../../../src/steps/lambda/function.ts';
import { patience } from '../../support/patience.ts';
import { account, assets, type Bench, failed, openBench } from '../../support/step-bench.ts';

const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const code = `${assets}kinesis-event-logger`;
const logger = { name: 'logger', role: roleArn('logger-role'), handler: 'kinesisEventLogger.handler', code };

let bench: Bench;
const folder = mkdtempSync(join(tmpdir(), 'function-test-'));
beforeAll(async () => {
  bench = await openBench();
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  for (const name of ['logger-role', 'other-role']) await role.bind({ name, 'managed-policies': [basic] }).apply(bench.visit().context);
  await role.bind({ name: 'firehose-role', service: 'firehose.amazonaws.com' }).apply(bench.visit().context);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

describe('the runtime of a function', () => {
  it.each([
    ['node', 'nodejs22.x'],
    ['python3.12', 'python3.12'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
  ])('called %s is %s', (runtime, meant) => {
    expect(functionStep.input.parse({ ...logger, runtime })).toMatchObject({ runtime: meant });
  });
});

describe('the check of a function', () => {
  it('says of a function that is missing only that, and how to zip its code and create it', async () => {
    const [finding, ...more] = await functionStep.bind({ ...logger, name: 'missing' }).check(bench.visit({ readOnly: true }).context);
    expect(finding).toMatchObject({ fact: 'function missing', observed: 'there is none', ok: false });
    expect(finding?.hint).toContain('zip -q -r -FS /tmp/kinesis-event-logger.zip .)\naws lambda create-function');
    expect(more).toEqual([]);
  });

  it('tells every setting that is not as asked for, and nothing about those that were not asked for', async () => {
    const { context } = bench.visit();
    await context.aws.call(
      apiCall('lambda', 'CreateFunction', {
        FunctionName: 'by-hand',
        Role: roleArn('other-role'),
        Handler: 'index.handler',
        Runtime: 'python3.13',
        Timeout: 3,
        MemorySize: 512,
        Environment: { Variables: { STAGE: 'test', EXTRA: 'yes' } },
        Code: { ZipFile: new ZippedFolder(code) },
      }),
    );
    const step = functionStep.bind({ ...logger, name: 'by-hand', timeout: 10, environment: { STAGE: 'lab' } });
    const findings = failed(await step.check(bench.visit({ readOnly: true }).context));
    expect(findings.map(({ fact, expected, observed }) => [fact, expected, observed])).toEqual([
      ['runtime of by-hand', 'nodejs22.x', 'python3.13'],
      ['handler of by-hand', 'kinesisEventLogger.handler', 'index.handler'],
      ['execution role of by-hand', roleArn('logger-role'), roleArn('other-role')],
      ['timeout of by-hand', '10', '3'],
      ['environment variable STAGE of by-hand', 'lab', 'test'],
    ]);
    expect(findings[1]?.hint).toContain('aws lambda update-function-configuration');
  });
});

describe('doing a function that is there already', () => {
  it('updates its configuration when that differs, and nothing else', async () => {
    await functionStep.bind({ ...logger, name: 'drifted' }).apply(bench.visit().context);
    const { context, writes } = bench.visit();
    const step = functionStep.bind({ ...logger, name: 'drifted', memory: 256 });
    await step.apply(context);
    expect(writes.map((call) => call.operation)).toEqual(['UpdateFunctionConfiguration']);
    expect(failed(await step.check(context))).toEqual([]);
  });

  it('sends the code again when that differs, and nothing else', async () => {
    cpSync(code, folder, { recursive: true });
    const step = functionStep.bind({ ...logger, name: 'edited', code: folder });
    await step.apply(bench.visit().context);
    writeFileSync(join(folder, 'kinesisEventLogger.js'), 'exports.handler = async () => {};');
    const { context, writes } = bench.visit();
    await step.apply(context);
    expect(writes.map((call) => call.operation)).toEqual(['UpdateFunctionCode']);
    const again = bench.visit();
    await step.apply(again.context);
    expect(again.writes).toEqual([]);
  });
});

describe('doing a function that Lambda refuses', () => {
  it('says what to do about a role that Lambda may not assume, when it has had time to become usable', async () => {
    const { context, waits } = bench.visit();
    const applying = functionStep.bind({ ...logger, name: 'untrusted', role: roleArn('firehose-role') }).apply(context);
    await expect(applying).rejects.toThrow(
      'AWS answered InvalidParameterValueException to lambda:CreateFunction: The role defined for the function cannot be assumed by Lambda.',
    );
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('lambda.amazonaws.com') });
    expect(waits).toEqual(['the role firehose-role to be assumable by Lambda']);
  });

  it.each([
    ['that was retired', 'nodejs10.x', 'has been retired'],
    ['that does not exist', 'nodejs99.x', 'There is no runtime nodejs99.x'],
  ])('says what to do about a runtime %s', async (_, runtime, hint) => {
    const applying = functionStep.bind({ ...logger, name: 'outdated', runtime }).apply(bench.visit().context);
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining(hint) });
  });

  it('says that there is no code', async () => {
    const applying = functionStep.bind({ ...logger, name: 'empty', code: join(folder, 'nothing') }).apply(bench.visit().context);
    await expect(applying).rejects.toThrow(/^There is no folder .*nothing to take the code of a function from\.$/);
  });
});

describe('a role that becomes usable while Lambda is asked', () => {
  it('is waited for', async () => {
    // In the machine's own time: a clock that jumps would not leave the role the time to become usable.
    const realTime = await openBench({ virtualTime: false });
    try {
      const { context, waits } = realTime.visit();
      await role.bind({ name: 'late-role', service: 'firehose.amazonaws.com' }).apply(context);
      const applying = functionStep.bind({ ...logger, name: 'patient', role: roleArn('late-role') }).apply(context);
      await vi.waitFor(() => expect(waits).toEqual(['the role late-role to be assumable by Lambda']), patience);
      await role.bind({ name: 'late-role' }).apply(realTime.visit().context);
      await applying;
    } finally {
      await realTime.close();
    }
  });
});

describe('removing a function', () => {
  it('leaves nothing when its log group is removed after it', async () => {
    const { context } = bench.visit();
    const step = functionStep.bind({ ...logger, name: 'invoked' });
    await step.apply(context);
    const payload = Buffer.from(JSON.stringify({ Records: [{ kinesis: { data: Buffer.from('Hello').toString('base64') } }] }));
    await context.aws.call(apiCall('lambda', 'Invoke', { FunctionName: 'invoked', Payload: payload }));
    const resource = (type: string) => functionStep.resources.find((each) => each.type === type);
    const group = resource('logs:group');
    await context.wait(
      { what: 'the log', timeoutMs: 10_000 },
      async () => (await group?.exists('/aws/lambda/invoked', context)) || undefined,
    );
    for (const { type, id } of step.owns().toReversed()) {
      await resource(type)?.remove(id, context);
      expect(await resource(type)?.exists(id, context)).toBe(false);
    }
  });
});
