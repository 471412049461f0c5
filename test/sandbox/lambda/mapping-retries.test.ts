import { CreateRoleCommand, DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { mappingSandbox, receiver } from '../../support/mapping.ts';
import { lambdaTrust } from '../../support/policies.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
const hour = 3_600_000;

/** Puts records together, then maps their stream to a function with the given code. */
async function mapped(code: string, texts: readonly string[], settings: Parameters<typeof sandbox.map>[2] = {}) {
  const stream = await sandbox.stream();
  await sandbox.putAll(stream, texts);
  const name = await lambda.deploy(code);
  return { stream, name, uuid: await sandbox.map(stream, name, settings) };
}

/** Fails as long as a batch has a record that says `bad`. */
const failing = receiver("if (texts.some((text) => text.startsWith('bad'))) throw new Error('bad record');");
/** Says which records say `bad`. */
const reporting = receiver(`return { batchItemFailures: event.Records
  .filter((record, index) => texts[index].startsWith('bad')).map((record) => ({ itemIdentifier: record.kinesis.sequenceNumber })) };`);

describe('A batch that fails', () => {
  it('is sent again until it succeeds, and nothing behind it passes', async () => {
    const code = `let attempts = 0; ${receiver("if (texts[0] === 'first' && ++attempts < 4) throw new Error('not yet');")}`;
    const { name, uuid } = await mapped(code, ['first', 'second'], { BatchSize: 1 });
    expect(await sandbox.batches(name, 5)).toEqual([['first'], ['first'], ['first'], ['first'], ['second']]);
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'OK');
  });

  it('blocks the shard by default, ever more rarely tried, until its records expire', async () => {
    const { name, uuid, stream } = await mapped(failing, ['bad'], { BatchSize: 1 });
    await sandbox.put(stream, 'good');
    await sandbox.batches(name, 6);
    expect((await sandbox.mapping(uuid)).LastProcessingResult).toBe('PROBLEM: Function call failed');
    const times = (await sandbox.received(name)).map(({ at }) => at);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, wait] of waits.entries()) if (index > 0) expect(wait).toBeGreaterThan((waits[index - 1] ?? 0) * 1.5);
    expect((await sandbox.received(name)).flatMap(({ data }) => data)).not.toContain('good');
  });

  it('is given up after MaximumRetryAttempts, and the next one gets its turn', async () => {
    const { name } = await mapped(failing, ['bad', 'good'], { BatchSize: 1, MaximumRetryAttempts: 2 });
    expect(await sandbox.batches(name, 4)).toEqual([['bad'], ['bad'], ['bad'], ['good']]);
    await sandbox.pass(hour);
    expect(await sandbox.received(name)).toHaveLength(4);
  });

  it('is given up when its records are too old', async () => {
    const { name } = await mapped(failing, ['bad', 'good'], { BatchSize: 1, MaximumRecordAgeInSeconds: 60 });
    await sandbox.until(async () => (await sandbox.received(name)).length > 2);
    await sandbox.pass(120_000);
    const received = await sandbox.received(name);
    const bad = received.filter(({ data: [text] }) => text === 'bad');
    expect(bad.length).toBeGreaterThanOrEqual(6);
    expect((bad.at(-1)?.at ?? 0) - (bad[0]?.at ?? 0)).toBeLessThanOrEqual(61_000);
    // By then the record behind it is too old as well.
    expect(received.filter(({ data: [text] }) => text === 'good')).toEqual([]);
  });

  it('that was too old from the start is never sent', async () => {
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'old');
    await sandbox.pass(2 * 60_000);
    await sandbox.put(stream, 'young');
    const name = await lambda.deploy(receiver());
    await sandbox.map(stream, name, { MaximumRecordAgeInSeconds: 60 });
    expect(await sandbox.batches(name, 1)).toEqual([['young']]);
  });

  it('counts as failed when the function does not answer in time', async () => {
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'slow');
    const name = await lambda.deploy(receiver('for (;;);'), { Timeout: 1 });
    await sandbox.map(stream, name, { MaximumRetryAttempts: 1 });
    expect(await sandbox.batches(name, 2)).toEqual([['slow'], ['slow']]);
    await sandbox.until(async () => (await lambda.logged(name)).filter((line) => line.includes('Task timed out')).length === 2);
  });
});

describe('A function that cannot start', () => {
  it('fails, like one that throws, and uses up its retries', async () => {
    const stream = await sandbox.stream();
    await sandbox.putAll(stream, ['a', 'b']);
    const name = await lambda.deploy(`throw new Error('broken'); ${receiver()}`);
    const uuid = await sandbox.map(stream, name, { BatchSize: 1, MaximumRetryAttempts: 1 });
    await sandbox.until(async () => (await starts(name)) >= 3);
    expect((await sandbox.mapping(uuid)).LastProcessingResult).toBe('PROBLEM: Function call failed');
    await sandbox.pass(hour);
    expect(await starts(name)).toBe(4);
  });
});

/** How often a function was invoked. */
async function starts(name: string): Promise<number> {
  return (await lambda.events(name)).filter(({ message }) => message?.startsWith('START ')).length;
}

describe('A batch that fails is halved with BisectBatchOnFunctionError', () => {
  it('until the record is alone that fails, and the others have passed', async () => {
    const { name } = await mapped(failing, ['a', 'b', 'bad', 'c'], { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 });
    expect(await sandbox.batches(name, 6)).toEqual([['a', 'b', 'bad', 'c'], ['a', 'b'], ['bad', 'c'], ['bad'], ['bad'], ['c']]);
  });
});

describe('A function that reports batch item failures', () => {
  const report = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };

  it('is done with a batch when its answer names none, whatever it looks like', async () => {
    const answers = ['""', '[]', 'null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}'];
    const { name } = await mapped(receiver('return JSON.parse(texts[0]);'), answers, { ...report, BatchSize: 1, MaximumRetryAttempts: 1 });
    expect(await sandbox.batches(name, answers.length)).toEqual(answers.map((answer) => [answer]));
    await sandbox.pass(hour);
    expect(await sandbox.received(name)).toHaveLength(answers.length);
  });

  it('gets the whole batch again when what it names is no record of the batch', async () => {
    const failures = [
      '[{"itemIdentifier":"nonsense"}]',
      '[{"itemIdentifier":123}]',
      '[{"itemIdentifier":""}]',
      '[{"itemIdentifier":null}]',
    ];
    const answers = [...failures, '[{"foo":123}]'].map((list) => `{"batchItemFailures":${list}}`);
    const { name } = await mapped(receiver('return JSON.parse(texts[0]);'), answers, { ...report, BatchSize: 1, MaximumRetryAttempts: 1 });
    expect(await sandbox.batches(name, 2 * answers.length)).toEqual(answers.flatMap((answer) => [[answer], [answer]]));
    await sandbox.pass(hour);
    expect(await sandbox.received(name)).toHaveLength(2 * answers.length);
  });

  it('gets a batch cut where it says, instead of in the middle, with BisectBatchOnFunctionError', async () => {
    const bisecting = { ...report, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 };
    const { name } = await mapped(reporting, ['a', 'b', 'c', 'bad', 'd', 'e'], bisecting);
    expect(await sandbox.batches(name, 6)).toEqual([
      ['a', 'b', 'c', 'bad', 'd', 'e'],
      ['bad', 'd', 'e'],
      ['bad', 'd'],
      ['bad'],
      ['d'],
      ['e'],
    ]);
  });

  it('gets again what it named and all that came after it, not topped up', async () => {
    const { name } = await mapped(
      `let calls = 0; ${receiver(`calls += 1; const named = calls === 1 ? [event.Records[2], event.Records[1]] : [];
        return { batchItemFailures: named.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };`)}`,
      ['a', 'b', 'c', 'd', 'e'],
      { ...report, BatchSize: 3 },
    );
    expect(await sandbox.batches(name, 3)).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('gets the rest of a batch as often as its retries allow, counted from the first time that it is sent alone', async () => {
    const texts = ['r1', 'r2', 'r3', 'r4', 'r5', 'bad 6', 'bad 7'];
    const { name } = await mapped(reporting, texts, { ...report, BatchSize: 3, MaximumRetryAttempts: 3 });
    const batches = await sandbox.batches(name, 10);
    expect(batches.slice(0, 6)).toEqual([['r1', 'r2', 'r3'], ['r4', 'r5', 'bad 6'], ['bad 6'], ['bad 6'], ['bad 6'], ['bad 6']]);
    expect(batches.slice(6)).toEqual([['bad 7'], ['bad 7'], ['bad 7'], ['bad 7']]);
  });
});

describe('A mapping whose role loses its permission', () => {
  it('stops reading, says why, and goes on when the permission is back', async () => {
    const { Role } = await lambda.iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: lambdaTrust }));
    const actions = ['kinesis:*', 'logs:*'];
    const policy = (Action: readonly string[]) => ({
      RoleName: 'reader',
      PolicyName: 'inline',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }),
    });
    await lambda.iam.send(new PutRolePolicyCommand(policy(actions)));
    const stream = await sandbox.stream();
    const name = await lambda.deploy(receiver(), { Role: Role?.Arn });
    const uuid = await sandbox.map(stream, name);
    await sandbox.put(stream, 'allowed');
    await sandbox.batches(name, 1);
    await lambda.iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'inline' }));
    await sandbox.put(stream, 'waiting');
    await sandbox.until(async () => /^PROBLEM: Cannot access stream/.test((await sandbox.mapping(uuid)).LastProcessingResult ?? ''));
    await sandbox.pass(60_000);
    await lambda.iam.send(new PutRolePolicyCommand(policy(actions)));
    expect(await sandbox.batches(name, 2)).toEqual([['allowed'], ['waiting']]);
  });
});

describe('A mapping that is disabled while a batch fails', () => {
  it('begins with that batch when it is enabled again', async () => {
    const { name, uuid } = await mapped(receiver("if (!process.env.FIXED) throw new Error('broken');"), ['a', 'b'], { BatchSize: 1 });
    await sandbox.batches(name, 2);
    await sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false }));
    await sandbox.until(async () => (await sandbox.mapping(uuid)).State === 'Disabled');
    const before = (await sandbox.received(name)).length;
    await sandbox.pass(hour);
    expect(await sandbox.received(name)).toHaveLength(before);
    await sandbox.fix(name);
    await sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
    expect((await sandbox.batches(name, before + 2)).slice(before)).toEqual([['a'], ['b']]);
  });
});
