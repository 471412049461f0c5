import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/start.ts';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { lambdaSandbox } from '../../support/lambda.ts';
import { MeetingPlace } from '../../support/meeting-place.ts';
import { lambdaTrust } from '../../support/policies.ts';
import { isAlive, processState, until } from '../../support/processes.ts';

const lambda = lambdaSandbox();

/** A function that answers with its process id and how often it was called. */
const counting = 'let calls = 0; exports.handler = async () => ({ pid: process.pid, calls: ++calls });';
interface Counted {
  readonly pid: number;
  readonly calls: number;
}

describe('An execution environment', () => {
  it('is used again, with what the module remembers', async () => {
    const name = await lambda.deploy(counting);
    const first = (await lambda.invoke(name)).answer as Counted;
    const second = (await lambda.invoke(name)).answer as Counted;
    expect(second).toEqual({ pid: first.pid, calls: 2 });
  });

  it('has one event at a time: two at once take two environments, with two log streams', async () => {
    const together = new MeetingPlace().code(2);
    const name = await lambda.deploy(`exports.handler = async (event, context) => { ${together} return context.logStreamName; };`);
    const streams = (await Promise.all([lambda.invoke(name), lambda.invoke(name)])).map(({ answer }) => answer);
    expect(new Set(streams).size).toBe(2);
  });

  it('is frozen between events, so that nothing it has left running goes on', async () => {
    const name = await lambda.deploy(counting);
    const { pid } = (await lambda.invoke(name)).answer as Counted;
    await until(() => processState(pid) === 'T');
    expect((await lambda.invoke(name)).answer).toEqual({ pid, calls: 2 });
  });

  it('is new after the function has failed to answer in time', async () => {
    const name = await lambda.deploy(
      'let calls = 0; exports.handler = async ({ wait }) => { if (wait) for (;;); return { pid: process.pid, calls: ++calls }; };',
      { Timeout: 1 },
    );
    const first = (await lambda.invoke(name)).answer as Counted;
    expect((await lambda.invoke(name, { wait: true })).error).toBe('Unhandled');
    const second = (await lambda.invoke(name)).answer as Counted;
    expect(second.calls).toBe(1);
    expect(second.pid).not.toBe(first.pid);
  });

  it('ends when its function is deleted', async () => {
    const name = await lambda.deploy(counting);
    const { pid } = (await lambda.invoke(name)).answer as Counted;
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await until(() => !isAlive(pid));
  });

  it('ends with the sandbox, and so do its files and whatever it has started', async () => {
    const own = await startSandbox();
    const config = { endpoint: own.endpoint, region: own.region, credentials: own.credentials };
    const iam = new IAMClient(config);
    const client = new LambdaClient(config);
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust }));
    const input = lambda.input(`const { spawn } = require('node:child_process');
      exports.handler = async () => ({ pid: process.pid, child: spawn('sleep', ['60']).pid, folder: __dirname });`);
    const { FunctionName } = await client.send(new CreateFunctionCommand({ ...input, Role: Role?.Arn }));
    await waitUntilFunctionActiveV2({ client, ...waiting }, { FunctionName });
    const { Payload } = await client.send(new InvokeCommand({ FunctionName }));
    const { pid, child, folder } = JSON.parse(Payload?.transformToString() ?? '');
    expect([isAlive(pid), isAlive(child), existsSync(folder)]).toEqual([true, true, true]);
    await own.stop();
    expect([isAlive(pid), existsSync(dirname(dirname(folder)))]).toEqual([false, false]);
    await until(() => !isAlive(child));
    iam.destroy();
    client.destroy();
  });
});

describe('A function that does not answer in time', () => {
  it('is killed, loops or not, and the log says so', async () => {
    const name = await lambda.deploy("exports.handler = async () => { console.log('pid', process.pid); for (;;); };", { Timeout: 1 });
    const { status, error, answer, log } = await lambda.invoke(name);
    const id = /START RequestId: (\S+)/.exec(log)?.[1];
    expect({ status, error, answer }).toEqual({
      status: 200,
      error: 'Unhandled',
      answer: { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${id} Error: Task timed out after 1.00 seconds` },
    });
    expect(log).toMatch(new RegExp(`Z ${id} Task timed out after 1\\.00 seconds\n\nEND RequestId: ${id}\n`));
    expect(log).toMatch(/Duration: 1000\.00 ms\t.*\tStatus: timeout\t\n$/);
    const pid = Number(/pid (\d+)/.exec(log)?.[1]);
    expect(pid).toBeGreaterThan(1);
    expect(isAlive(pid)).toBe(false);
  });

  it('is killed with what it has started', async () => {
    const name = await lambda.deploy(
      `const child = require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' });
      exports.handler = async () => { console.log('pid', child.pid); await new Promise((resolve) => setTimeout(resolve, 5_000)); };`,
      { Timeout: 1 },
    );
    const { log } = await lambda.invoke(name);
    await until(() => !isAlive(Number(/pid (\d+)/.exec(log)?.[1])));
  });
});

describe('A function whose process ends', () => {
  it('answers so, with the status that it ended with', async () => {
    for (const [status, text] of [
      [0, 'Runtime exited without providing a reason'],
      [3, 'Runtime exited with error: exit status 3'],
    ] as const) {
      const { error, answer, log } = await lambda.run(`exports.handler = async () => process.exit(${status});`);
      const id = /START RequestId: (\S+)/.exec(log)?.[1];
      expect(error).toBe('Unhandled');
      expect(answer).toEqual({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${id} Error: ${text}` });
      expect(log).toMatch(/\tStatus: error\tError Type: Runtime\.ExitError\t\n$/);
    }
  });

  it('answers so when it runs out of memory', async () => {
    const { answer, log } = await lambda.run(
      'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };',
      {
        Timeout: 20,
      },
    );
    expect(answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: aborted$/),
    });
    expect(log).toContain('Status: error');
  });

  it('answers so when it ends before there is a handler', async () => {
    expect((await lambda.run('process.exit(7);')).answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/exit status 7$/),
    });
  });
});

describe('The Runtime API', () => {
  it('gives nothing to who does not know the secret of an environment', async () => {
    const { answer } = await lambda.run('exports.handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;');
    const [host] = String(answer).split('/');
    for (const path of ['', `/${'0'.repeat(32)}`]) {
      expect((await fetch(`http://${host}${path}/2018-06-01/runtime/invocation/next`)).status).toBe(403);
    }
  });

  it('takes one answer for the event that is being worked on, and no other', async () => {
    const { answer } = await lambda.run(`exports.handler = async (event, context) => {
      const [host, secret] = process.env.AWS_LAMBDA_RUNTIME_API.split('/');
      const post = async (id) => (await fetch('http://' + host + '/' + secret + '/2018-06-01/runtime/invocation/' + id + '/response',
        { method: 'POST', body: '"by hand"' })).status;
      const statuses = [await post('of-another-event'), await post(context.awsRequestId), await post(context.awsRequestId)];
      console.log(statuses.join());
      return 'too late';
    };`);
    expect(answer).toBe('by hand');
  });
});

describe('Concurrency that is reserved', () => {
  it('limits how many events a function works on at once', async () => {
    const place = new MeetingPlace();
    const name = await lambda.deploy(`exports.handler = async () => { ${place.code(2)} return 1; };`);
    await lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
    const first = lambda.invoke(name);
    await place.holds(1);
    await expect(lambda.invoke(name)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    place.enter();
    expect((await first).answer).toBe(1);
    expect((await lambda.invoke(name)).answer).toBe(1);
  });

  it('of zero stops a function', async () => {
    const name = await lambda.deploy(counting);
    await lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }));
    expect((await failureOf(lambda.invoke(name))).name).toBe('TooManyRequestsException');
  });
});

describe('A role', () => {
  async function role(name: string, actions?: readonly string[]): Promise<string> {
    const { Role } = await lambda.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: lambdaTrust }));
    if (actions !== undefined) {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
      await lambda.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'inline', PolicyDocument }));
    }
    return Role?.Arn ?? '';
  }

  it('that may not log makes a function run without a log, which is no error', async () => {
    const name = await lambda.deploy("exports.handler = async () => console.log('unheard');", { Role: await role('silent') });
    expect((await lambda.invoke(name)).error).toBeUndefined();
    expect((await failureOf(lambda.logged(name))).name).toBe('ResourceNotFoundException');
  });

  it('that may log but create no group logs where there is one', async () => {
    const Role = await role('no-groups', ['logs:CreateLogStream', 'logs:PutLogEvents']);
    const name = await lambda.deploy("exports.handler = async () => console.log('heard');", { Role });
    await lambda.invoke(name);
    expect((await failureOf(lambda.logged(name))).name).toBe('ResourceNotFoundException');
    await lambda.createLogGroup(`/aws/lambda/${name}`);
    await lambda.invoke(name);
    expect((await lambda.logged(name)).join('')).toContain('\tINFO\theard\n');
  });

  it('that is gone leaves a function that cannot be started', async () => {
    const name = await lambda.deploy(counting, { Role: await role('gone') });
    await lambda.iam.send(new DeleteRoleCommand({ RoleName: 'gone' }));
    expect(await failureOf(lambda.invoke(name))).toEqual({
      name: 'AccessDeniedException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });
});
