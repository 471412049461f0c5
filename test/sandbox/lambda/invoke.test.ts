import { InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
/** Here minutes pass while a test waits for them. */
const virtual = lambdaSandbox({ virtualTime: true });

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries += 1) {
    if (tries === 1_000) throw new Error('It did not come about.');
    await virtual.sandbox.clock.sleep(1_000);
  }
}

const code = 'exports.handler = async () => 1;';

function arn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

describe('Invoke', () => {
  it('refuses an event that is no JSON, or too large', async () => {
    const name = await lambda.deploy(code);
    const invoked = (Payload: Uint8Array, InvocationType?: 'Event') =>
      failureOf(lambda.client.send(new InvokeCommand({ FunctionName: name, Payload, InvocationType })));
    const { name: error, message } = await invoked(Buffer.from('{not json'));
    expect(error).toBe('InvalidRequestContentException');
    expect(message).toMatch(/^Could not parse request body into json: Could not parse payload into json: /);
    const large = Buffer.from(JSON.stringify('x'.repeat(6_291_455)));
    expect(await invoked(large)).toEqual({
      name: 'RequestTooLargeException',
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    });
    expect((await invoked(large.subarray(0, 1_048_577), 'Event')).message).toContain('1048576');
  });

  it('answers 204 to a dry run, and runs nothing', async () => {
    const name = await lambda.deploy(code);
    expect((await lambda.invoke(name, {}, { InvocationType: 'DryRun' })).status).toBe(204);
    expect((await failureOf(lambda.logged(name))).name).toBe('ResourceNotFoundException');
  });

  it('says which version ran, and has no log unless it is asked for', async () => {
    const name = await lambda.deploy(code);
    const answer = await lambda.client.send(new InvokeCommand({ FunctionName: name }));
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.LogResult).toBeUndefined();
    expect(answer.FunctionError).toBeUndefined();
  });

  it('gives an empty object to a function that is called with nothing', async () => {
    const name = await lambda.deploy('exports.handler = async (event) => event;');
    const { Payload } = await lambda.client.send(new InvokeCommand({ FunctionName: name }));
    expect(Payload?.transformToString()).toBe('{}');
  });

  it('is something that a role has to be allowed to do', async () => {
    const name = await lambda.deploy(code);
    const other = await lambda.deploy(code);
    const client = await lambda.clientOf('caller', { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn(name) });
    expect((await client.send(new InvokeCommand({ FunctionName: name }))).StatusCode).toBe(200);
    expect(await failureOf(client.send(new InvokeCommand({ FunctionName: other })))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/caller/test is not authorized to perform: lambda:InvokeFunction on resource: ${arn(other)} because no identity-based policy allows the lambda:InvokeFunction action`,
    });
    client.destroy();
  });
});

describe('An event that nobody waits for', () => {
  it('is taken with 202, and the function gets it', async () => {
    const name = await virtual.deploy("exports.handler = async (event) => console.log('got', event.id);");
    expect(await virtual.invoke(name, { id: 7 }, { InvocationType: 'Event', LogType: 'None' })).toMatchObject({
      status: 202,
      answer: undefined,
    });
    await until(async () => (await virtual.events(name)).some(({ message }) => message?.includes('got 7')));
  });

  it('is tried three times, further and further apart, if the function fails', async () => {
    const name = await virtual.deploy("exports.handler = async () => { throw new Error('no'); };");
    await virtual.invoke(name, {}, { InvocationType: 'Event', LogType: 'None' });
    const starts = async () => (await virtual.events(name)).filter(({ message }) => message?.startsWith('START '));
    await until(async () => (await starts()).length === 3);
    await virtual.sandbox.clock.sleep(3_600_000);
    const times = (await starts()).map(({ timestamp = 0 }) => timestamp);
    const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1_000);
    // The function takes its time as well, and more of it on a machine that has much to do.
    for (const [index, least] of [60, 120].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
      expect(waits[index]).toBeLessThan(least + 10);
    }
    expect(waits).toHaveLength(2);
  });

  it('waits while the function is throttled', async () => {
    const name = await virtual.deploy("exports.handler = async () => console.log('at last');");
    const reserve = (ReservedConcurrentExecutions: number) =>
      virtual.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }));
    await reserve(0);
    await virtual.invoke(name, {}, { InvocationType: 'Event', LogType: 'None' });
    await virtual.sandbox.clock.sleep(600_000);
    expect(await virtual.events(name)).toEqual([]);
    await reserve(1);
    await until(async () => (await virtual.events(name)).some(({ message }) => message?.includes('at last')));
  });
});
