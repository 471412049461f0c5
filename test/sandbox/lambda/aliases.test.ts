import { Lambda, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
let client: Lambda;
/** With versions 1 and 2. */
let FunctionName = '';

const code = 'exports.handler = async (_, context) => ({ version: context.functionVersion, arn: context.invokedFunctionArn });';
const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const weights = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });

beforeAll(async () => {
  const { endpoint, region, credentials } = lambda.sandbox;
  client = new Lambda({ endpoint, region, credentials, maxAttempts: 1 });
  FunctionName = await lambda.deploy(code);
  await client.publishVersion({ FunctionName });
  await client.updateFunctionConfiguration({ FunctionName, Timeout: 5 });
  await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName });
  await client.publishVersion({ FunctionName });
});
afterAll(() => client.destroy());

const create = (Name: string, FunctionVersion = '1', settings = {}) =>
  client.createAlias({ FunctionName, Name, FunctionVersion, ...settings });

/** Which version an invocation would run. */
const executed = async (Qualifier: string) => (await client.invoke({ FunctionName, Qualifier, InvocationType: 'DryRun' })).ExecutedVersion;

describe('an alias', () => {
  it('is a name for a version, under which the version is shown and run', async () => {
    const { $metadata, ...created } = await create('live', '1', { Description: 'for all' });
    expect($metadata.httpStatusCode).toBe(201);
    const AliasArn = `${arn(FunctionName)}:live`;
    expect(created).toEqual({ AliasArn, Name: 'live', FunctionVersion: '1', Description: 'for all', RevisionId: expect.any(String) });
    expect(await client.getAlias({ FunctionName, Name: 'live' })).toMatchObject(created);
    const { Configuration } = await client.getFunction({ FunctionName, Qualifier: 'live' });
    const version = await client.getFunctionConfiguration({ FunctionName, Qualifier: '1' });
    expect(Configuration).toMatchObject({ FunctionArn: AliasArn, Version: '1', RevisionId: version.RevisionId });
    for (const name of [`${FunctionName}:live`, AliasArn]) {
      expect((await lambda.invoke(name)).answer).toEqual({ version: '1', arn: AliasArn });
    }
  });

  it('can be given to another version, and back', async () => {
    const { RevisionId } = await create('moving');
    const update = (settings: object) => client.updateAlias({ FunctionName, Name: 'moving', ...settings });
    expect(await failureOf(update({ FunctionVersion: '2', RevisionId: 'wrong' }))).toMatchObject({
      name: 'PreconditionFailedException',
      message: expect.stringContaining('Call the GetFunction/GetAlias API'),
    });
    const moved = await update({ FunctionVersion: '2', RevisionId });
    expect(moved).toMatchObject({ FunctionVersion: '2', Description: '' });
    expect(moved.RevisionId).not.toBe(RevisionId);
    expect(await executed('moving')).toBe('2');
    expect((await update({})).RevisionId).not.toBe(moved.RevisionId);
    await update({ FunctionVersion: '$LATEST' });
    expect(await executed('moving')).toBe('$LATEST');
  });

  it('shares its invocations between two versions, by weight', async () => {
    await create('shared', '1', weights({ 2: 1 }));
    expect(await executed('shared')).toBe('2');
    await client.updateAlias({ FunctionName, Name: 'shared', ...weights({ 2: 0 }) });
    expect(await executed('shared')).toBe('1');
    await client.updateAlias({ FunctionName, Name: 'shared', ...weights({ 2: 0.5 }) });
    const seen = new Set<string | undefined>();
    for (let tries = 0; seen.size < 2 && tries < 60; tries += 1) seen.add(await executed('shared'));
    expect([...seen].sort()).toEqual(['1', '2']);
    expect((await client.getAlias({ FunctionName, Name: 'shared' })).RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0.5 } });
    const alone = await client.updateAlias({ FunctionName, Name: 'shared', ...weights({}) });
    expect(alone).not.toHaveProperty('RoutingConfig');
    expect(await executed('shared')).toBe('1');
  });

  it('is listed with the others by name, for all versions or for one', async () => {
    await create('zeta', '2');
    const { Aliases: all = [] } = await client.listAliases({ FunctionName });
    const names = all.map(({ Name }) => Name);
    expect(names).toEqual([...names].sort());
    const { Aliases: ofTwo = [] } = await client.listAliases({ FunctionName, FunctionVersion: '2' });
    expect(ofTwo).toEqual(all.filter((alias) => alias.FunctionVersion === '2'));
    const page = await client.listAliases({ FunctionName, MaxItems: 1 });
    expect(page.Aliases).toEqual([all[0]]);
    expect((await client.listAliases({ FunctionName, Marker: page.NextMarker })).Aliases).toEqual(all.slice(1));
  });

  it('is deleted as often as one likes', async () => {
    await create('gone');
    for (const Name of ['gone', 'gone', 'never-there']) {
      expect((await client.deleteAlias({ FunctionName, Name })).$metadata.httpStatusCode).toBe(204);
    }
    expect(await failureOf(client.getAlias({ FunctionName, Name: 'gone' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${arn(FunctionName)}:gone`,
    });
    expect((await failureOf(client.updateAlias({ FunctionName, Name: 'gone' }))).message).toBe(
      `Alias not found: ${arn(FunctionName)}:gone`,
    );
    expect((await failureOf(client.invoke({ FunctionName, Qualifier: 'gone' }))).message).toBe(
      `Function not found: ${arn(FunctionName)}:gone`,
    );
  });

  it('has permissions of its own', async () => {
    await create('open');
    const permission = {
      FunctionName,
      Qualifier: 'open',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
    };
    const { Statement = '' } = await client.addPermission(permission);
    expect(JSON.parse(Statement).Resource).toBe(`${arn(FunctionName)}:open`);
    const { RevisionId } = await client.getAlias({ FunctionName, Name: 'open' });
    expect(await client.getPolicy({ FunctionName, Qualifier: 'open' })).toMatchObject({ RevisionId });
    const missing = { name: 'ResourceNotFoundException', message: `Cannot find alias arn: ${arn(FunctionName)}:closed` };
    expect(await failureOf(client.addPermission({ ...permission, Qualifier: 'closed' }))).toEqual(missing);
    expect(await failureOf(client.removePermission({ FunctionName, Qualifier: 'closed', StatementId: 's' }))).toEqual(missing);
    expect(await failureOf(client.getPolicy({ FunctionName, Qualifier: 'closed' }))).toMatchObject({
      message: 'The resource you requested does not exist.',
    });
  });
});

describe('an alias is refused', () => {
  const value =
    "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: ";
  const limits =
    '[Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]';
  it.each([
    [
      'InvalidParameterValueException',
      'Number of items in AdditionalVersionWeights cannot be greater than 1',
      '1',
      weights({ 1: 0.1, 2: 0.1 }),
    ],
    ['ValidationException', `1 validation error detected: ${value}${limits}`, '1', weights({ 2: 2 })],
    ['ValidationException', `1 validation error detected: ${value.replace('2.0', '-1.0')}${limits}`, '1', weights({ 2: -1 })],
    [
      'InvalidParameterValueException',
      'Invalid function version 1. Function version 1 is already included in routing configuration.',
      '1',
      weights({ 1: 0.5 }),
    ],
    [
      'InvalidParameterValueException',
      '$LATEST is not supported for an alias pointing to more than 1 version',
      '$LATEST',
      weights({ 1: 0.5 }),
    ],
    [
      'ValidationException',
      "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]",
      '1',
      weights({ $LATEST: 0.5 }),
    ],
  ])('as a %s: %s', async (name, message, version, settings) => {
    expect(await failureOf(create('refused', version, settings))).toEqual({ name, message });
  });

  it('where a version or the function is not there, and where the name is taken or a number', async () => {
    const notFound = (what: string) => ({ name: 'ResourceNotFoundException', message: `Function not found: ${arn(what)}` });
    expect(await failureOf(create('refused', '10'))).toEqual(notFound(`${FunctionName}:10`));
    expect(await failureOf(create('refused', '1', weights({ 10: 0.5 })))).toEqual(notFound(`${FunctionName}:10`));
    expect(await failureOf(create('refused', '1', { FunctionName: 'nope' }))).toEqual(notFound('nope:1'));
    await create('taken');
    expect(await failureOf(create('taken'))).toEqual({
      name: 'ResourceConflictException',
      message: `Alias already exists: ${arn(FunctionName)}:taken`,
    });
    expect(await failureOf(create('2024'))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value '2024' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
    });
    await create('2024-01-02');
  });
});

describe('a function of another account', () => {
  it('is invoked by its ARN where its policy lets that account in', async () => {
    const { endpoint, region } = lambda.sandbox;
    const stranger = new Lambda({ endpoint, region, credentials: lambda.sandbox.credentialsOf('111111111111'), maxAttempts: 1 });
    const name = await lambda.deploy(code);
    expect((await failureOf(stranger.invoke({ FunctionName: arn(name) }))).message).toContain(
      'because no resource-based policy allows the lambda:InvokeFunction action',
    );
    await client.addPermission({ FunctionName: name, StatementId: 's', Action: 'lambda:InvokeFunction', Principal: '111111111111' });
    const { Payload } = await stranger.invoke({ FunctionName: arn(name) });
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ version: '$LATEST', arn: arn(name) });
    expect(await failureOf(stranger.getFunction({ FunctionName: arn(name) }))).toMatchObject({ name: 'AccessDeniedException' });
    stranger.destroy();
  });
});
