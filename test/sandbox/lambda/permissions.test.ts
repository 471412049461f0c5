import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox } from '../../support/lambda.ts';
import { roleSession } from '../../support/role-session.ts';

const lambda = lambdaSandbox();
const rule = 'arn:aws:events:us-east-1:000000000000:rule/every-minute';
let name = '';

beforeAll(async () => {
  name = await lambda.deploy('exports.handler = async () => 1;');
});

function add(settings: Partial<AddPermissionCommandInput> = {}) {
  const input = {
    FunctionName: name,
    StatementId: 'events',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    ...settings,
  };
  return lambda.client.send(new AddPermissionCommand(input));
}

function remove(StatementId: string, FunctionName = name) {
  return lambda.client.send(new RemovePermissionCommand({ FunctionName, StatementId }));
}

function policy(FunctionName = name) {
  return lambda.client.send(new GetPolicyCommand({ FunctionName }));
}

function arn(functionName: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`;
}

describe('the permissions of a function', () => {
  it('are statements of its policy, and go one by one', async () => {
    const { Statement } = await add({ SourceArn: rule });
    const first =
      `{"Sid":"events","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${arn(name)}",` +
      `"Condition":{"ArnLike":{"AWS:SourceArn":"${rule}"}}}`;
    expect(Statement).toBe(first);
    const second = await add({ StatementId: 'all', Principal: '*', SourceAccount: '000000000000' });
    expect(JSON.parse(second.Statement ?? '')).toEqual({
      Sid: 'all',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: arn(name),
      Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } },
    });
    const { Policy, RevisionId } = await policy();
    expect(Policy).toBe(`{"Version":"2012-10-17","Id":"default","Statement":[${first},${second.Statement}]}`);
    const { Configuration } = await lambda.client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(RevisionId).toBe(Configuration?.RevisionId);
    // What else becomes of the function is none of the policy's revision.
    await lambda.client.send(new PublishVersionCommand({ FunctionName: name }));
    const published = await lambda.client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(published.Configuration?.RevisionId).not.toBe(RevisionId);
    expect((await policy()).RevisionId).toBe(RevisionId);

    expect((await remove('events')).$metadata.httpStatusCode).toBe(204);
    expect(JSON.parse((await policy()).Policy ?? '').Statement).toHaveLength(1);
    expect(await failureOf(remove('events'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Statement events is not found in resource policy.',
    });
    await remove('all');
    expect(await failureOf(policy())).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
    expect(await failureOf(remove('all'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'No policy is associated with the given resource.',
    });
  });

  it('have ids of their own', async () => {
    await add({ StatementId: 's1' });
    expect(await failureOf(add({ StatementId: 's1' }))).toEqual({
      name: 'ResourceConflictException',
      message: 'The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement.',
    });
    await remove('s1');
  });

  it('are changed only at the revision that the request names', async () => {
    await add({ StatementId: 'revised' });
    const { RevisionId } = await policy();
    const stale = await failureOf(add({ StatementId: 'late', RevisionId: 'wrong' }));
    expect(stale).toEqual({
      name: 'PreconditionFailedException',
      message: 'The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id',
    });
    await add({ StatementId: 'late', RevisionId });
    expect((await policy()).RevisionId).not.toBe(RevisionId);
    for (const id of ['revised', 'late']) await remove(id);
  });

  it.each([
    ['an id with a dot', { StatementId: 'example.com' }, 'ValidationException', "Value 'example.com' at 'statementId' failed to satisfy"],
    [
      'a principal that can be none',
      { Principal: 'invalid.nonaws.com' },
      'InvalidParameterValueException',
      'The provided principal was invalid. Please check the principal and try again.',
    ],
    [
      'a role that does not exist',
      { Principal: 'arn:aws:iam::000000000000:role/nobody' },
      'InvalidParameterValueException',
      'The provided principal was invalid. Please check the principal and try again.',
    ],
    ['$LATEST', { Qualifier: '$LATEST' }, 'InvalidParameterValueException', 'We currently do not support adding policies for $LATEST.'],
    ['a version that is not there', { Qualifier: '42' }, 'ResourceNotFoundException', ':42'],
    ['a function that is not there', { FunctionName: 'nowhere' }, 'ResourceNotFoundException', `Function not found: ${arn('nowhere')}`],
    [
      'an action of a role that the sandbox does not ask the policy about',
      { Principal: '111111111111', Action: 'lambda:GetFunction' },
      'NotImplemented',
      'The Action lambda:GetFunction for an account or a role',
    ],
    [
      'conditions that the sandbox does not know',
      { PrincipalOrgID: 'o-1234567890' },
      'NotImplemented',
      'PrincipalOrgID of lambda:AddPermission',
    ],
  ])('are refused for %s', async (_what, settings, error, part) => {
    const failure = await failureOf(add(settings));
    expect(failure.name).toBe(error);
    expect(failure.message).toContain(part);
  });

  it('of a function that is not there are not there', async () => {
    expect((await failureOf(policy('nowhere'))).message).toBe('The resource you requested does not exist.');
    expect((await failureOf(remove('s', 'nowhere'))).message).toBe(`No policy found for: ${arn('nowhere')}`);
  });

  it('let a role in that has no permissions of its own, and its account only with them', async () => {
    const FunctionName = await lambda.deploy('exports.handler = async () => 1;');
    const session = await roleSession(lambda.sandbox, 'visitor', []);
    const client = new LambdaClient(session);
    const invoke = () => client.send(new InvokeCommand({ FunctionName }));
    const denied = expect.objectContaining({ name: 'AccessDeniedException' });
    expect(await failureOf(invoke())).toEqual(denied);
    const byAccount = await add({ FunctionName, StatementId: 'account', Principal: '000000000000' });
    expect(JSON.parse(byAccount.Statement ?? '').Principal).toEqual({ AWS: 'arn:aws:iam::000000000000:root' });
    expect(await failureOf(invoke())).toEqual(denied);
    await add({ FunctionName, StatementId: 'role', Principal: 'arn:aws:iam::000000000000:role/visitor' });
    expect((await invoke()).StatusCode).toBe(200);
    await remove('role', FunctionName);
    expect(await failureOf(invoke())).toEqual(denied);
    client.destroy();
  });
});
