import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { role } from '../../../src/steps/iam/role.ts';
import { putRecordStep } from '../../../src/steps/kinesis/put-record.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { eventSourceMapping } from '../../../src/steps/lambda/event-source-mapping.ts';
import { functionStep } from '../../../src/steps/lambda/function.ts';
import { contains } from '../../../src/steps/logs/contains.ts';
import { queue } from '../../../src/steps/sqs/queue.ts';
import type { StepContext } from '../../../src/steps/step.ts';
import { account, assets, type Bench, failed, openBench } from '../../support/step-bench.ts';

const kinesisPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
const basicPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:${account}:stream/${name}`;

/** A stream and a function, both of that name, with a role that has that policy. */
async function pair(name: string, context: StepContext, { policy = kinesisPolicy, code = `${assets}kinesis-event-logger` } = {}) {
  await role.bind({ name, 'managed-policies': [policy] }).apply(context);
  await stream.bind({ name, shards: 1 }).apply(context);
  const handler = 'kinesisEventLogger.handler';
  await functionStep.bind({ name, role: `arn:aws:iam::${account}:role/${name}`, handler, code }).apply(context);
  return { function: name, stream: streamArn(name), 'batch-size': 1, 'starting-position': 'LATEST' as const };
}

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

describe('the check of a mapping', () => {
  it('says of a mapping that is missing only that, and how to create it', async () => {
    const { context } = bench.visit();
    const input = await pair('unmapped', context);
    const [finding, ...more] = await eventSourceMapping.bind(input).check(bench.visit({ readOnly: true }).context);
    expect(finding).toMatchObject({ fact: 'event-source mapping of unmapped', observed: 'there is none', ok: false });
    expect(finding?.hint).toContain('aws lambda create-event-source-mapping');
    expect(more).toEqual([]);
  });

  it('tells settings that are not as asked for, and how to change them', async () => {
    const { context } = bench.visit();
    const input = await pair('other', context);
    await eventSourceMapping.bind({ ...input, 'batch-size': 10, 'starting-position': 'TRIM_HORIZON' }).apply(context);
    const findings = failed(await eventSourceMapping.bind({ ...input, 'maximum-retry-attempts': 3 }).check(context));
    expect(findings.map(({ fact, expected, observed }) => [fact, expected, observed])).toEqual([
      ['starting position of the mapping of other', 'LATEST', 'TRIM_HORIZON'],
      ['batch size of the mapping of other', '1', '10'],
      ['maximum retry attempts of the mapping of other', '3', '-1'],
    ]);
    expect(findings[0]?.hint).toMatch(/aws lambda delete-event-source-mapping --uuid [0-9a-f-]{36}/);
    expect(findings[1]?.hint).toContain('aws lambda update-event-source-mapping');
  });
});

describe('a mapping with an on-failure destination', () => {
  const arn = (name: string): string => `arn:aws:sqs:us-east-1:${account}:${name}`;

  it('is refused while the role may not tell it, and says what the role needs', async () => {
    const { context } = bench.visit();
    const input = await pair('mute', context);
    await queue.bind({ name: 'mute' }).apply(context);
    await expect(eventSourceMapping.bind({ ...input, 'on-failure': arn('mute') }).apply(context)).rejects.toMatchObject({
      message: expect.stringContaining('does not have permissions to call SendMessage on SQS'),
      hint: expect.stringContaining('sqs:SendMessage'),
    });
  });

  it('is compared, and changed where it is another', async () => {
    const { context } = bench.visit();
    const input = await pair('telling', context);
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }] };
    await role.bind({ name: 'telling', 'managed-policies': [kinesisPolicy], policy: { name: 'tell', document } }).apply(context);
    for (const name of ['one', 'other']) await queue.bind({ name }).apply(context);
    await eventSourceMapping.bind({ ...input, 'on-failure': arn('one') }).apply(context);
    const step = eventSourceMapping.bind({ ...input, 'on-failure': arn('other') });
    expect(failed(await step.check(context)).map(({ fact, expected, observed }) => [fact, expected, observed])).toEqual([
      ['on-failure destination of the mapping of telling', arn('other'), arn('one')],
    ]);
    await step.apply(context);
    expect(failed(await step.check(context))).toEqual([]);
  });
});

describe('a mapping that starts at a time', () => {
  const time = '2026-01-31T12:00:00Z';

  it('is told from one that starts at another', async () => {
    const { context } = bench.visit();
    const input = { ...(await pair('timely', context)), 'starting-position': 'AT_TIMESTAMP' as const };
    const step = eventSourceMapping.bind({ ...input, 'starting-timestamp': time });
    await step.apply(context);
    expect(failed(await step.check(context))).toEqual([]);
    const other = eventSourceMapping.bind({ ...input, 'starting-timestamp': '2026-01-31T13:00:00Z' });
    expect(failed(await other.check(context))).toMatchObject([
      { expected: 'AT_TIMESTAMP 2026-01-31T13:00:00.000Z', observed: 'AT_TIMESTAMP 2026-01-31T12:00:00.000Z' },
    ]);
    await expect(other.apply(context)).rejects.toThrow('which cannot be changed');
  });

  it('has a time, and others have none', () => {
    const input = { function: 'f', stream: streamArn('s') };
    expect(() => eventSourceMapping.bind({ ...input, 'starting-position': 'AT_TIMESTAMP' })).toThrow('AT_TIMESTAMP needs a time');
    expect(() => eventSourceMapping.bind({ ...input, 'starting-position': 'LATEST', 'starting-timestamp': time })).toThrow(
      'LATEST takes no time',
    );
  });
});

describe('what can be wrong about a mapping', () => {
  it('is noticed by the check, setting by setting', async () => {
    const { context } = bench.visit();
    const input = {
      ...(await pair('changed', context)),
      'batching-window': 300,
      'parallelization-factor': 2,
      'maximum-retry-attempts': 0,
      'maximum-record-age': -1,
      'bisect-on-error': true,
      'report-batch-item-failures': true,
    };
    const step = eventSourceMapping.bind(input);
    await step.apply(context);
    const mutations = step.mutations().filter(({ when }) => when === 'afterwards');
    expect(mutations).toHaveLength(8);
    for (const mutation of mutations) {
      await mutation.apply(context);
      expect(failed(await step.check(context)), mutation.name).toHaveLength(1);
      await step.apply(context);
    }
  });
});

describe('doing a mapping that is there already', () => {
  it('updates what differs and can be changed, and enables it', async () => {
    const { context } = bench.visit();
    const input = await pair('drifted', context);
    const step = eventSourceMapping.bind(input);
    await eventSourceMapping.bind({ ...input, 'batch-size': 10 }).apply(context);
    const listed = await context.aws.call(apiCall('lambda', 'ListEventSourceMappings', { FunctionName: 'drifted' }));
    const UUID = listed.EventSourceMappings?.[0]?.UUID ?? '';
    await context.aws.call(apiCall('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false }));
    expect(failed(await step.check(context)).map(({ observed }) => observed)).toEqual(['Disabled', '10']);
    const again = bench.visit();
    await step.apply(again.context);
    expect(again.writes).toEqual([apiCall('lambda', 'UpdateEventSourceMapping', { UUID, BatchSize: 1, Enabled: true })]);
    expect(failed(await step.check(context))).toEqual([]);
  });

  it('says that the starting position cannot be changed', async () => {
    const { context } = bench.visit();
    const input = await pair('settled', context);
    await eventSourceMapping.bind(input).apply(context);
    const applying = eventSourceMapping.bind({ ...input, 'starting-position': 'TRIM_HORIZON' }).apply(context);
    await expect(applying).rejects.toThrow(
      'The stream is mapped to settled from LATEST on instead of TRIM_HORIZON, which cannot be changed.',
    );
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('delete-event-source-mapping') });
  });
});

describe('doing a mapping that Lambda refuses', () => {
  it('says what to do about a role that may not read the stream', async () => {
    const { context } = bench.visit();
    const input = await pair('blind', context, { policy: basicPolicy });
    const { context: later, waits } = bench.visit();
    const applying = eventSourceMapping.bind(input).apply(later);
    await expect(applying).rejects.toThrow(
      `AWS answered InvalidParameterValueException to lambda:CreateEventSourceMapping: Cannot access stream ${input.stream}. Please ensure the role can perform`,
    );
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('AWSLambdaKinesisExecutionRole') });
    expect(waits).toEqual(['the role of blind to be allowed to read the stream blind']);
  });

  it('says what to do when the stream or the function is missing', async () => {
    const { context } = bench.visit();
    const input = await pair('whole', context);
    await expect(eventSourceMapping.bind({ ...input, stream: streamArn('missing') }).apply(context)).rejects.toMatchObject({
      message: expect.stringContaining(`Stream not found: ${streamArn('missing')}`),
      hint: expect.stringContaining('Compare the region and the account'),
    });
    await expect(eventSourceMapping.bind({ ...input, function: 'missing' }).apply(context)).rejects.toMatchObject({
      message: expect.stringContaining('Function does not exist'),
      hint: 'Create the function missing first.',
    });
  });
});

describe('removing a mapping', () => {
  const [resource] = eventSourceMapping.resources;

  it('works when its function is gone, and touches no other mapping of the stream', async () => {
    const { context } = bench.visit();
    const input = await pair('orphan', context);
    await pair('neighbour', context);
    const other = { ...input, function: 'neighbour' };
    await eventSourceMapping.bind(input).apply(context);
    await eventSourceMapping.bind(other).apply(context);
    await context.aws.call(apiCall('lambda', 'DeleteFunction', { FunctionName: 'orphan' }));
    const [ref] = eventSourceMapping.bind(input).owns();
    expect(await resource?.exists(ref?.id ?? '', context)).toBe(true);
    await resource?.remove(ref?.id ?? '', context);
    expect(await resource?.exists(ref?.id ?? '', context)).toBe(false);
    expect(failed(await eventSourceMapping.bind(other).check(context))).toEqual([]);
  });

  it('waits for a mapping that is only being created', async () => {
    const { context } = bench.visit();
    const input = await pair('hasty', context);
    const [create] = eventSourceMapping.bind(input).explain();
    if (create) await context.aws.call(create);
    await resource?.remove(`hasty ${input.stream}`, context);
    expect(await resource?.exists(`hasty ${input.stream}`, context)).toBe(false);
  });
});

describe('a mapping that stays Creating', () => {
  it('ends the wait with words, and is a finding', async () => {
    const slow = await openBench({ delays: { ...quickDelays, mappingTransition: 3_600_000 } });
    try {
      const { context } = slow.visit();
      const step = eventSourceMapping.bind(await pair('stuck', context));
      await expect(step.apply(context)).rejects.toThrow('Waited 180 s for the event-source mapping of stuck to become Enabled, in vain.');
      expect(failed(await step.check(context))).toMatchObject([{ fact: 'state of the mapping of stuck', observed: 'Creating' }]);
    } finally {
      await slow.close();
    }
  });
});

describe('a function that throws', () => {
  it('is quoted by the steps that look for its output', async () => {
    const code = mkdtempSync(join(tmpdir(), 'throwing-function-'));
    writeFileSync(join(code, 'kinesisEventLogger.js'), "exports.handler = async () => { throw new Error('no such device'); };");
    try {
      const { context } = bench.visit();
      const input = await pair('throwing', context, { code });
      await eventSourceMapping.bind({ ...input, 'starting-position': 'TRIM_HORIZON' }).apply(context);
      const group = '/aws/lambda/throwing';
      const put = putRecordStep.bind({ stream: 'throwing', 'partition-key': '1', data: 'Hello', 'seen-in': { group } });
      await put.apply(context);
      for (const step of [put, contains.bind({ group, text: 'Hello' })]) {
        const [finding, ...more] = failed(await step.check(context));
        expect(finding?.observed).toMatch(/^the function fails: .*no such device/);
        expect(finding?.hint).toContain('The function was invoked, and failed.');
        expect(more).toEqual([]);
      }
    } finally {
      rmSync(code, { recursive: true });
    }
  });
});
