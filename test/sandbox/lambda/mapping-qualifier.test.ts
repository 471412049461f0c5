import { Lambda, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { zipped } from '../../support/lambda.ts';
import { mappingSandbox, receiver } from '../../support/mapping.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
let client: Lambda;

beforeAll(() => {
  const { endpoint, region, credentials } = lambda.sandbox;
  client = new Lambda({ endpoint, region, credentials, maxAttempts: 1 });
});
afterAll(() => client.destroy());

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

describe('a mapping of an alias', () => {
  it('calls whichever version the alias leads to, and tells it by which name', async () => {
    const stream = await sandbox.stream();
    const FunctionName = await lambda.deploy(receiver("console.log('VERSION one');"));
    await client.publishVersion({ FunctionName });
    await client.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' });
    const ZipFile = zipped({ 'index.js': receiver("console.log('VERSION two');") });
    await client.updateFunctionCode({ FunctionName, ZipFile });
    await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName });
    await client.publishVersion({ FunctionName });
    const uuid = await sandbox.map(stream, `${FunctionName}:live`);
    expect((await sandbox.mapping(uuid)).FunctionArn).toBe(`${arn(FunctionName)}:live`);
    await sandbox.put(stream, 'a');
    await sandbox.batches(FunctionName, 1);
    await client.updateAlias({ FunctionName, Name: 'live', FunctionVersion: '2' });
    await sandbox.put(stream, 'b');
    await sandbox.batches(FunctionName, 2);
    const versions = () => lambda.logged(FunctionName).then((lines) => lines.flatMap((line) => /VERSION (\w+)/.exec(line)?.[1] ?? []));
    await sandbox.until(async () => (await versions()).length === 2);
    expect((await versions()).sort()).toEqual(['one', 'two']);
  });

  it('stands beside that of the function, and is found by its name', async () => {
    const stream = await sandbox.stream();
    const FunctionName = await lambda.deploy(receiver());
    await client.createAlias({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' });
    const ofFunction = await sandbox.create(stream, FunctionName);
    const ofAlias = await sandbox.create(stream, `${arn(FunctionName)}:live`);
    const found = async (name: string) =>
      (await client.listEventSourceMappings({ FunctionName: name })).EventSourceMappings?.map(({ UUID }) => UUID).sort();
    expect(await found(`${FunctionName}:live`)).toEqual([ofAlias.uuid]);
    expect(await found(FunctionName)).toEqual([ofAlias.uuid, ofFunction.uuid].sort());
    expect(await failureOf(sandbox.create(stream, `${FunctionName}:live`))).toMatchObject({ name: 'ResourceConflictException' });
  });

  it('is refused where there is no such version or alias', async () => {
    const stream = await sandbox.stream();
    const FunctionName = await lambda.deploy(receiver());
    for (const qualifier of ['live', '7']) {
      expect(await failureOf(sandbox.create(stream, `${FunctionName}:${qualifier}`))).toEqual({
        name: 'InvalidParameterValueException',
        message: 'Function does not exist',
      });
    }
  });
});
