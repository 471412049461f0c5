import {
  CreateFunctionCommand,
  Lambda,
  PublishVersionCommand,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { briefDelays, lambdaSandbox, zipped } from '../../support/lambda.ts';
import { roleSession } from '../../support/role-session.ts';

const lambda = lambdaSandbox();
/** Where functions stay Pending. */
const slow = lambdaSandbox({ delays: { ...briefDelays, functionCreate: 3_600_000 } });
let client: Lambda;

beforeAll(() => {
  const { endpoint, region, credentials } = lambda.sandbox;
  client = new Lambda({ endpoint, region, credentials, maxAttempts: 1 });
});
afterAll(() => client.destroy());

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** A function that answers with what it is and as what it was called. */
const says = (text: string) => `exports.handler = async (_, context) => {
  console.log('HELLO');
  return { text: '${text}', version: context.functionVersion, variable: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    arn: context.invokedFunctionArn, stream: context.logStreamName };
};`;

/** Which version an invocation would run. */
const executed = async (FunctionName: string, Qualifier: string, by = client) =>
  (await by.invoke({ FunctionName, Qualifier, InvocationType: 'DryRun' })).ExecutedVersion;

/** Gives a function other code, and waits until it has it. */
async function change(FunctionName: string, text: string): Promise<void> {
  await client.updateFunctionCode({ FunctionName, ZipFile: zipped({ 'index.js': says(text) }) });
  await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName });
}

describe('PublishVersion', () => {
  it('keeps the function as it is under the next number, with a description of its own', async () => {
    const FunctionName = await lambda.deploy(says('one'), { Description: 'of the function' });
    const before = await client.getFunctionConfiguration({ FunctionName });
    const { $metadata, ...first } = await client.publishVersion({ FunctionName, Description: 'of the version' });
    expect($metadata.httpStatusCode).toBe(201);
    expect(first).toMatchObject({
      FunctionArn: `${arn(FunctionName)}:1`,
      Version: '1',
      Description: 'of the version',
      State: 'Active',
      LastUpdateStatus: 'Successful',
      CodeSha256: before.CodeSha256,
    });
    const after = await client.getFunctionConfiguration({ FunctionName });
    expect(new Set([first.RevisionId, before.RevisionId, after.RevisionId]).size).toBe(3);
    await change(FunctionName, 'two');
    const second = await client.publishVersion({ FunctionName });
    expect(second).toMatchObject({ Version: '2', Description: 'of the function' });
    expect(second.CodeSha256).not.toBe(first.CodeSha256);
    const { $metadata: _, ...again } = await client.getFunctionConfiguration({ FunctionName, Qualifier: '1' });
    expect(again).toEqual(first);
  });

  it('publishes nothing where nothing has changed', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    const first = await client.publishVersion({ FunctionName });
    const second = await client.publishVersion({ FunctionName, Description: 'other words' });
    expect(second).toMatchObject({ Version: '1', Description: '', RevisionId: first.RevisionId });
  });

  it('wants the code and the revision that the request names', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    const { CodeSha256, RevisionId } = await client.getFunctionConfiguration({ FunctionName });
    expect(await failureOf(client.publishVersion({ FunctionName, RevisionId: 'wrong' }))).toEqual({
      name: 'PreconditionFailedException',
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    });
    expect(await failureOf(client.publishVersion({ FunctionName, CodeSha256: 'somethingelse' }))).toEqual({
      name: 'InvalidParameterValueException',
      message: `CodeSHA256 (somethingelse) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    });
    expect(await client.publishVersion({ FunctionName, CodeSha256, RevisionId })).toMatchObject({ Version: '1' });
    expect(await failureOf(client.publishVersion({ FunctionName: 'nope' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn('nope')}`,
    });
  });

  it('can be left to the creation of a function and to its updates', async () => {
    const created = await client.createFunction(lambda.input(says('one'), { Publish: true }));
    const FunctionName = created.FunctionName ?? '';
    expect(created).toMatchObject({ Version: '1', State: 'Pending', FunctionArn: arn(FunctionName) });
    await waitUntilPublishedVersionActive({ client, ...waiting }, { FunctionName, Qualifier: '1' });
    expect(await executed(FunctionName, '1')).toBe('1');
    const updated = await client.updateFunctionCode({ FunctionName, ZipFile: zipped({ 'index.js': says('two') }), Publish: true });
    expect(updated).toMatchObject({ Version: '2', State: 'Pending', FunctionArn: `${arn(FunctionName)}:2` });
    await waitUntilPublishedVersionActive({ client, ...waiting }, { FunctionName, Qualifier: '2' });
    expect(await executed(FunctionName, '2')).toBe('2');
  });
});

describe('a published version', () => {
  it('cannot be invoked or published again while its function is Pending', async () => {
    const { FunctionName = '' } = await slow.client.send(new CreateFunctionCommand(slow.input(says('one'), { Publish: true })));
    const pending = {
      name: 'ResourceConflictException',
      message: 'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    };
    expect(await failureOf(slow.invoke(`${FunctionName}:1`))).toEqual(pending);
    expect(await failureOf(slow.client.send(new PublishVersionCommand({ FunctionName })))).toEqual(pending);
  });

  it('runs the code that it was published with, knows its number, and logs under it', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    await client.publishVersion({ FunctionName });
    await change(FunctionName, 'two');
    const invoked = await client.invoke({ FunctionName, Qualifier: '1', LogType: 'Tail' });
    expect(invoked.ExecutedVersion).toBe('1');
    expect(Buffer.from(invoked.LogResult ?? '', 'base64').toString()).toMatch(/^START RequestId: \S+ Version: 1\n/m);
    expect(JSON.parse(invoked.Payload?.transformToString() ?? '')).toEqual({
      text: 'one',
      version: '1',
      variable: '1',
      arn: `${arn(FunctionName)}:1`,
      stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[1\][0-9a-f]{32}$/),
    });
    expect((await lambda.invoke(FunctionName)).answer).toMatchObject({ text: 'two', version: '$LATEST', arn: arn(FunctionName) });
    const asked = await client.invoke({ FunctionName, Qualifier: '$LATEST' });
    expect(asked.ExecutedVersion).toBe('$LATEST');
    expect(JSON.parse(asked.Payload?.transformToString() ?? '').arn).toBe(`${arn(FunctionName)}:$LATEST`);
    expect(await failureOf(lambda.invoke(`${FunctionName}:7`))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn(FunctionName)}:7`,
    });
  });

  it('shares the reserved concurrency of its function', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    await client.publishVersion({ FunctionName });
    await client.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
    expect(await failureOf(lambda.invoke(`${FunctionName}:1`))).toEqual({ name: 'TooManyRequestsException', message: 'Rate Exceeded.' });
  });

  it('has a policy of its own, which lets nobody use the function', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    const nobody = new Lambda(await roleSession(lambda.sandbox, 'visitor', []));
    const permission = { FunctionName, Action: 'lambda:InvokeFunction', Principal: 'arn:aws:iam::000000000000:role/visitor' };
    await client.addPermission({ ...permission, StatementId: 'function' });
    await client.publishVersion({ FunctionName });
    expect(await failureOf(client.getPolicy({ FunctionName, Qualifier: '1' }))).toMatchObject({ name: 'ResourceNotFoundException' });
    await nobody.invoke({ FunctionName, InvocationType: 'DryRun' });
    expect((await failureOf(nobody.invoke({ FunctionName, Qualifier: '1' }))).message).toContain(`on resource: ${arn(FunctionName)}:1 `);
    const { Statement = '' } = await client.addPermission({ ...permission, Qualifier: '1', StatementId: 'version' });
    expect(JSON.parse(Statement).Resource).toBe(`${arn(FunctionName)}:1`);
    expect(await executed(FunctionName, '1', nobody)).toBe('1');
    const { RevisionId } = await client.getFunctionConfiguration({ FunctionName, Qualifier: '1' });
    expect(await client.getPolicy({ FunctionName, Qualifier: '1' })).toMatchObject({ RevisionId });
    await client.removePermission({ FunctionName, Qualifier: '1', StatementId: 'version' });
    expect(await failureOf(nobody.invoke({ FunctionName, Qualifier: '1' }))).toMatchObject({ name: 'AccessDeniedException' });
    nobody.destroy();
  });
});

describe('versions in lists', () => {
  it('come after $LATEST, page by page, without their states', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    for (const text of ['two', 'three']) {
      await client.publishVersion({ FunctionName });
      await change(FunctionName, text);
    }
    const { Versions: [latest, ...published] = [], NextMarker } = await client.listVersionsByFunction({ FunctionName });
    expect(NextMarker).toBeUndefined();
    expect(latest).toMatchObject({ Version: '$LATEST', FunctionArn: `${arn(FunctionName)}:$LATEST` });
    expect(latest).not.toHaveProperty('State');
    expect(published.map(({ FunctionArn }) => FunctionArn)).toEqual(['1', '2'].map((number) => `${arn(FunctionName)}:${number}`));
    const page = await client.listVersionsByFunction({ FunctionName, MaxItems: 2 });
    expect(page.Versions).toEqual([latest, published[0]]);
    expect((await client.listVersionsByFunction({ FunctionName, Marker: page.NextMarker })).Versions).toEqual([published[1]]);
    const { Functions = [] } = await client.listFunctions({ FunctionVersion: 'ALL' });
    expect(Functions.filter((each) => each.FunctionName === FunctionName)).toEqual([latest, ...published]);
    const listed = (await client.listFunctions({})).Functions?.filter((each) => each.FunctionName === FunctionName);
    expect(listed).toMatchObject([{ Version: '$LATEST', FunctionArn: arn(FunctionName) }]);
  });
});

describe('DeleteFunction of a version', () => {
  it('lets the others be, and gives its number to none', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    await client.publishVersion({ FunctionName });
    expect((await client.deleteFunction({ FunctionName, Qualifier: '1' })).$metadata.httpStatusCode).toBe(204);
    expect(await failureOf(client.getFunction({ FunctionName, Qualifier: '1' }))).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await executed(FunctionName, '$LATEST')).toBe('$LATEST');
    expect(await client.publishVersion({ FunctionName })).toMatchObject({ Version: '2' });
    await client.deleteFunction({ FunctionName });
    expect(await failureOf(client.getFunction({ FunctionName, Qualifier: '2' }))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses $LATEST, an alias, and a version to which an alias leads', async () => {
    const FunctionName = await lambda.deploy(says('one'));
    await client.publishVersion({ FunctionName });
    await client.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
    const refused = (Qualifier: string, name = FunctionName) => failureOf(client.deleteFunction({ FunctionName: name, Qualifier }));
    expect(await refused('$LATEST', 'nope')).toEqual({
      name: 'InvalidParameterValueException',
      message: '$LATEST version cannot be deleted without deleting the function.',
    });
    expect((await refused('1', 'nope')).message).toBe(`Function not found: ${arn('nope')}`);
    expect(await refused('live')).toMatchObject({ name: 'InvalidParameterValueException' });
    expect((await refused('$latest', 'nope')).message).toBe(`Function not found: ${arn('nope')}`);
    expect(await refused('1')).toEqual({
      name: 'ResourceConflictException',
      message: 'Unable to delete version because the following aliases reference it: [live]',
    });
    await client.deleteAlias({ FunctionName, Name: 'live' });
    await client.deleteFunction({ FunctionName, Qualifier: '1' });
  });
});
