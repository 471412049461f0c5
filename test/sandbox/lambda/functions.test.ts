import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
const code = 'exports.handler = async () => 1;';

function arn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

async function configuration(FunctionName: string) {
  const { $metadata: _, ...answer } = await lambda.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return answer;
}

describe('A function is found', () => {
  it('by its name, a partial ARN and its ARN, with and without $LATEST', async () => {
    const name = await lambda.deploy(code);
    for (const each of [name, `function:${name}`, `000000000000:function:${name}`, arn(name)]) {
      expect((await configuration(each)).FunctionArn, each).toBe(arn(name));
    }
    for (const each of [`${arn(name)}:$LATEST`, `${name}:$LATEST`]) {
      expect((await configuration(each)).FunctionArn, each).toBe(`${arn(name)}:$LATEST`);
    }
  });

  it('by GetFunction with its configuration and its concurrency', async () => {
    const name = await lambda.deploy(code);
    await lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 2 }));
    expect(await lambda.client.send(new GetFunctionCommand({ FunctionName: name, Qualifier: '$LATEST' }))).toMatchObject({
      Configuration: { FunctionName: name, State: 'Active' },
      Concurrency: { ReservedConcurrentExecutions: 2 },
    });
  });

  it('only where it is', async () => {
    const missing = (FunctionName: string, Qualifier?: string) =>
      failureOf(lambda.client.send(new GetFunctionCommand({ FunctionName, Qualifier })));
    expect(await missing('nope')).toEqual({ name: 'ResourceNotFoundException', message: `Function not found: ${arn('nope')}` });
    expect((await missing(arn('f').replace('us-east-1', 'eu-west-1'))).message).toBe(
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    );
    expect((await missing(arn('f').replace('000000000000', '111111111111'))).message).toContain(
      'because no resource-based policy allows the lambda:GetFunction action',
    );
    expect((await missing('a'.repeat(65))).message).toBe(`Function not found: ${arn('a'.repeat(65))}`);
    const name = await lambda.deploy(code);
    expect((await missing(name, '7')).message).toBe(`Function not found: ${arn(name)}:7`);
    expect((await missing(`${name}:$LATEST`, '7')).name).toBe('InvalidParameterValueException');
  });

  it('by Invoke, whose error names $LATEST', async () => {
    expect((await failureOf(lambda.invoke('nope'))).message).toBe(`Function not found: ${arn('nope')}:$LATEST`);
  });
});

describe('ListFunctions', () => {
  it('goes through all of them page by page', async () => {
    for (let index = 0; index < 3; index += 1) await lambda.deploy(code);
    const whole = await lambda.client.send(new ListFunctionsCommand({}));
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await lambda.client.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
      expect(page.Functions?.length).toBeLessThanOrEqual(2);
      names.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(names).toEqual(whole.Functions?.map(({ FunctionName }) => FunctionName));
    expect(names.length).toBeGreaterThan(2);
  });

  it('refuses a marker that it did not give', async () => {
    expect((await failureOf(lambda.client.send(new ListFunctionsCommand({ Marker: 'x' })))).name).toBe('InvalidParameterValueException');
  });
});

describe('DeleteFunction', () => {
  it('answers 204, and then the function is gone', async () => {
    const name = await lambda.deploy(code);
    const { $metadata } = await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    expect($metadata.httpStatusCode).toBe(204);
    expect((await failureOf(configuration(name))).name).toBe('ResourceNotFoundException');
    expect((await failureOf(lambda.client.send(new DeleteFunctionCommand({ FunctionName: name })))).name).toBe('ResourceNotFoundException');
    await lambda.deploy(code, { FunctionName: name });
  });

  it('leaves the log', async () => {
    const name = await lambda.deploy(code);
    await lambda.invoke(name);
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    expect((await lambda.logged(name)).length).toBeGreaterThan(0);
  });
});

describe('Tags of a function', () => {
  it('are added, replaced, listed and taken away', async () => {
    const name = await lambda.deploy(code, { Tags: { lab: '01', kept: 'yes' } });
    const Resource = arn(name);
    const revisions = [(await configuration(name)).RevisionId];
    await lambda.client.send(new TagResourceCommand({ Resource, Tags: { lab: '02', run: 'a' } }));
    revisions.push((await configuration(name)).RevisionId);
    await lambda.client.send(new UntagResourceCommand({ Resource, TagKeys: ['run', 'unknown'] }));
    revisions.push((await configuration(name)).RevisionId);
    expect(new Set(revisions).size).toBe(3);
    expect((await lambda.client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ lab: '02', kept: 'yes' });
  });

  it('are not there where there is no function', async () => {
    expect((await failureOf(lambda.client.send(new ListTagsCommand({ Resource: arn('nope') })))).name).toBe('ResourceNotFoundException');
    expect((await failureOf(lambda.client.send(new ListTagsCommand({ Resource: 'nope' })))).name).toBe('ValidationException');
  });

  it('are not those of its versions and aliases, and none are no tags', async () => {
    const Resource = arn(await lambda.deploy(code));
    expect(await failureOf(lambda.client.send(new ListTagsCommand({ Resource: `${Resource}:live` })))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    });
    expect(await failureOf(lambda.client.send(new TagResourceCommand({ Resource, Tags: {} })))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'An error occurred and the request cannot be processed.',
    });
  });
});

describe('Reserved concurrency', () => {
  it('is set, shown, and taken away', async () => {
    const FunctionName = await lambda.deploy(code);
    const shown = async () => (await lambda.client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    expect(await shown()).toBeUndefined();
    await lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 800 }));
    expect(await shown()).toBe(800);
    expect((await lambda.client.send(new GetAccountSettingsCommand({}))).AccountLimit).toMatchObject({
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: expect.any(Number),
    });
    await lambda.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await shown()).toBeUndefined();
  });

  it('leaves at least a hundred to all other functions', async () => {
    const FunctionName = await lambda.deploy(code);
    expect(
      await failureOf(lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 901 }))),
    ).toEqual({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
  });

  it('is refused without a type of error where there is not enough, as few things are', async () => {
    const FunctionName = await lambda.deploy(code);
    const error = async (call: Promise<unknown>) => call.catch((thrown: unknown) => thrown);
    const tooMuch = new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 901 });
    expect(await error(lambda.client.send(tooMuch))).toMatchObject({ name: 'InvalidParameterValueException', Type: undefined });
    const split = { FunctionVersion: '$LATEST', RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } };
    expect(await error(lambda.client.send(new CreateAliasCommand({ FunctionName, Name: 'a', ...split })))).toMatchObject({
      name: 'InvalidParameterValueException',
      Type: undefined,
    });
    const versioned = new PutFunctionConcurrencyCommand({ FunctionName: `${FunctionName}:1`, ReservedConcurrentExecutions: 1 });
    expect(await error(lambda.client.send(versioned))).toMatchObject({ name: 'InvalidParameterValueException', Type: 'User' });
  });

  it('is that of a function, and not of its versions', async () => {
    const reserve = (FunctionName: string) =>
      failureOf(lambda.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 })));
    expect((await reserve('nope')).message).toBe(`Function not found: ${arn('nope')}:$LATEST`);
    expect(await reserve(`${arn('nope')}:1`)).toEqual({
      name: 'InvalidParameterValueException',
      message:
        'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    });
    expect((await failureOf(lambda.client.send(new GetFunctionConcurrencyCommand({ FunctionName: 'nope' })))).message).toBe(
      `Function not found: ${arn('nope')}`,
    );
  });
});
