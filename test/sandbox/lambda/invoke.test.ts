import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
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
    const { Role } = await lambda.iam.send(
      new CreateRoleCommand({
        RoleName: 'caller',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    const { endpoint, region, credentials } = lambda.sandbox;
    const sts = new STSClient({ endpoint, region, credentials });
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const client = new LambdaClient({ endpoint, region, credentials: session, maxAttempts: 1 });
    expect(await failureOf(client.send(new InvokeCommand({ FunctionName: name })))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/caller/test is not authorized to perform: lambda:InvokeFunction on resource: ${arn(name)} because no identity-based policy allows the lambda:InvokeFunction action`,
    });
    const allowed = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn(name) };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] });
    await lambda.iam.send(new PutRolePolicyCommand({ RoleName: 'caller', PolicyName: 'invoke', PolicyDocument }));
    expect((await client.send(new InvokeCommand({ FunctionName: name }))).StatusCode).toBe(200);
    sts.destroy();
    client.destroy();
  });
});
