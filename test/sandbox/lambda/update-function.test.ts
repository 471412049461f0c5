import { createHash } from 'node:crypto';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  type UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { parseFault } from '../../../src/sandbox/fault.ts';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { briefDelays, lambdaSandbox, zipped } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
/** Here a function stays Pending, and an update in progress. */
const slow = lambdaSandbox({ delays: { ...briefDelays, functionCreate: 3_600_000 } });
const code = 'exports.handler = async () => 1;';

function arn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

async function configuration(FunctionName: string) {
  const { $metadata: _, ...answer } = await lambda.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return answer;
}

async function update(input: UpdateFunctionCodeCommandInput | UpdateFunctionConfigurationCommandInput) {
  const command = 'ZipFile' in input ? new UpdateFunctionCodeCommand(input) : new UpdateFunctionConfigurationCommand(input);
  const answer = await lambda.client.send(command);
  await waitUntilFunctionUpdatedV2({ client: lambda.client, ...waiting }, { FunctionName: input.FunctionName });
  return answer;
}

describe('An update', () => {
  it('of the code is what runs afterwards, in a new environment', async () => {
    const name = await lambda.deploy('let calls = 0; exports.handler = async () => ["old", ++calls];');
    expect((await lambda.invoke(name)).answer).toEqual(['old', 1]);
    const before = await configuration(name);
    const ZipFile = zipped({ 'index.js': 'let calls = 0; exports.handler = async () => ["new", ++calls];' });
    expect(await update({ FunctionName: name, ZipFile })).toMatchObject({ State: 'Active', LastUpdateStatus: 'InProgress' });
    expect((await lambda.invoke(name)).answer).toEqual(['new', 1]);
    const after = await configuration(name);
    expect(after.CodeSha256).toBe(createHash('sha256').update(ZipFile).digest('base64'));
    expect(after.RevisionId).not.toBe(before.RevisionId);
  });

  it('of the configuration as well, and leaves the rest as it was', async () => {
    const name = await lambda.deploy('exports.handler = async () => process.env.STAGE;', {
      Description: 'stays',
      Environment: { Variables: { STAGE: 'one' } },
    });
    expect((await lambda.invoke(name)).answer).toBe('one');
    await update({ FunctionName: name, Environment: { Variables: { STAGE: 'two' } }, Timeout: 5 });
    expect((await lambda.invoke(name)).answer).toBe('two');
    expect(await configuration(name)).toMatchObject({ Description: 'stays', Timeout: 5, Handler: 'index.handler' });
  });

  it('in progress keeps others out, and so does a creation', async () => {
    const { FunctionName } = await slow.client.send(new CreateFunctionCommand(slow.input(code)));
    const state = 'The operation cannot be performed at this time. The function is currently in the following state: Pending';
    const change = new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 });
    expect(await failureOf(slow.client.send(change))).toEqual({ name: 'ResourceConflictException', message: state });
    expect(await failureOf(slow.invoke(FunctionName ?? ''))).toEqual({ name: 'ResourceConflictException', message: state });

    const name = await lambda.deploy(code);
    lambda.sandbox.faults.add(parseFault('function-create=1h,times=1'));
    const [first, second] = await Promise.allSettled(
      [4, 5].map((Timeout) => lambda.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout }))),
    );
    expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected']);
    const reason = first?.status === 'rejected' ? first.reason : second?.status === 'rejected' ? second.reason : undefined;
    expect(reason).toMatchObject({
      name: 'ResourceConflictException',
      message: `The operation cannot be performed at this time. An update is in progress for resource: ${arn(name)}`,
    });
  });

  it('is refused for another revision than the one that is there', async () => {
    const name = await lambda.deploy(code);
    const RevisionId = '00000000-0000-0000-0000-000000000000';
    expect(await failureOf(update({ FunctionName: name, Timeout: 5, RevisionId }))).toEqual({
      name: 'PreconditionFailedException',
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    });
    expect((await failureOf(update({ FunctionName: name, ZipFile: zipped({ a: 'b' }), RevisionId }))).name).toBe(
      'PreconditionFailedException',
    );
    await update({ FunctionName: name, Timeout: 5, RevisionId: (await configuration(name)).RevisionId });
  });

  it('is refused like a creation', async () => {
    const name = await lambda.deploy(code);
    expect((await failureOf(update({ FunctionName: name, Runtime: 'nodejs14.x' }))).message).toContain('is no longer supported');
    expect((await failureOf(update({ FunctionName: name, Role: 'arn:aws:iam::000000000000:role/nobody' }))).message).toBe(
      'The role defined for the function cannot be assumed by Lambda.',
    );
    expect((await failureOf(update({ FunctionName: name, ZipFile: Buffer.from('no zip') }))).message).toMatch(/^Could not unzip/);
    expect((await failureOf(update({ FunctionName: 'nope', Timeout: 5 }))).name).toBe('ResourceNotFoundException');
    expect(await configuration(name)).toMatchObject({ Runtime: 'nodejs22.x', LastUpdateStatus: 'Successful' });
  });

  it('of the code can be tried without being made', async () => {
    const name = await lambda.deploy(code);
    const before = await configuration(name);
    const ZipFile = zipped({ 'index.js': 'exports.handler = async () => 2;' });
    const tried = await update({ FunctionName: name, ZipFile, DryRun: true });
    expect(tried.CodeSha256).toBe(createHash('sha256').update(ZipFile).digest('base64'));
    expect(await configuration(name)).toEqual(before);
  });
});
