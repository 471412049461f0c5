import { createHash } from 'node:crypto';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  type UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { digestCode } from '../../../src/sandbox/lambda/functions/code.ts';
import { failureOf } from '../../support/failure.ts';
import { waiting } from '../../support/kinesis.ts';
import { briefDelays, lambdaSandbox, zipped } from '../../support/lambda.ts';
import { policyText, trustText } from '../../support/policies.ts';
import { roleWith } from '../../support/role.ts';

const lambda = lambdaSandbox();
/** Here a function stays Pending, and an update in progress. */
const slow = lambdaSandbox({ delays: { ...briefDelays, functionCreate: 3_600_000 } });
const code = 'exports.handler = async () => 1;';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function arn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

function refusal(settings: Partial<CreateFunctionCommandInput>, of = lambda) {
  return failureOf(of.client.send(new CreateFunctionCommand(of.input(code, settings))));
}

async function configuration(FunctionName: string) {
  const { $metadata: _, ...answer } = await lambda.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return answer;
}

async function _update(input: UpdateFunctionCodeCommandInput | UpdateFunctionConfigurationCommandInput) {
  const command = 'ZipFile' in input ? new UpdateFunctionCodeCommand(input) : new UpdateFunctionConfigurationCommand(input);
  const answer = await lambda.client.send(command);
  await waitUntilFunctionUpdatedV2({ client: lambda.client, ...waiting }, { FunctionName: input.FunctionName });
  return answer;
}

describe('CreateFunction', () => {
  it('answers 201 with a function that is Pending, and then Active', async () => {
    const input = slow.input(code);
    const { $metadata, ...created } = await slow.client.send(new CreateFunctionCommand(input));
    const name = input.FunctionName ?? '';
    const zip = input.Code?.ZipFile ?? new Uint8Array();
    expect($metadata.httpStatusCode).toBe(201);
    expect(created).toEqual({
      FunctionName: name,
      FunctionArn: arn(name),
      Runtime: 'nodejs22.x',
      Role: slow.role,
      Handler: 'index.handler',
      CodeSize: zip.byteLength,
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Version: '$LATEST',
      TracingConfig: { Mode: 'PassThrough' },
      RevisionId: expect.stringMatching(uuid),
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      RuntimeVersionConfig: { RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/) },
      LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
    });
    const active = await configuration(await lambda.deploy(code));
    expect(active).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    expect(active.StateReason).toBeUndefined();
  });

  it('takes what it is given', async () => {
    const settings = {
      Description: 'logs events',
      Timeout: 900,
      MemorySize: 10_240,
      Architectures: ['arm64'],
      Environment: { Variables: { STAGE: 'test' } },
      EphemeralStorage: { Size: 1024 },
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: '/my/group' },
    } satisfies Partial<CreateFunctionCommandInput>;
    const name = await lambda.deploy(code, { ...settings, Tags: { lab: '01' } });
    expect(await configuration(name)).toMatchObject({ ...settings, LoggingConfig: { LogFormat: 'Text', LogGroup: '/my/group' } });
    const { Tags } = await lambda.client.send(new GetFunctionCommand({ FunctionName: name }));
    expect(Tags).toEqual({ lab: '01' });
  });

  it('shows variables only where some were given', async () => {
    expect(await configuration(await lambda.deploy(code))).not.toHaveProperty('Environment');
    expect(await configuration(await lambda.deploy(code, { Environment: {} }))).toMatchObject({ Environment: { Variables: {} } });
  });
});

describe('CreateFunction refuses', () => {
  it('a name that is taken', async () => {
    const name = await lambda.deploy(code);
    expect(await refusal({ FunctionName: name })).toEqual({
      name: 'ResourceConflictException',
      message: `Function already exist: ${name}`,
    });
  });

  it('the second of two at once with the same name', async () => {
    const input = lambda.input(code);
    const outcomes = await Promise.allSettled([1, 2].map(() => lambda.client.send(new CreateFunctionCommand(input))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('a role that trusts Lambda for another function only', async () => {
    const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    const Condition = { ArnLike: { 'aws:SourceArn': arn('mine-*') } };
    const trust = trustText({ Service: 'lambda.amazonaws.com' }, { Condition });
    const Role = await roleWith(lambda.iam, 'for-one', trust, { inline: policyText({ Action: 'logs:*' }) });
    expect(await refusal({ FunctionName: 'yours', Role })).toMatchObject({ name: 'InvalidParameterValueException' });
    await lambda.client.send(new CreateFunctionCommand(lambda.input(code, { FunctionName: 'mine-1', Role })));
  });

  it('a name that is too long or has characters which no name has', async () => {
    const name = 'a'.repeat(65);
    expect(await refusal({ FunctionName: name })).toEqual({
      name: 'InvalidParameterValueException',
      message: `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    });
    expect((await refusal({ FunctionName: 'a b' })).message).toMatch(
      /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: \(arn:/,
    );
  });

  it('architectures that there are not', async () => {
    expect(await refusal({ Architectures: ['X86_64' as 'x86_64'] })).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: " +
        '[Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
    });
  });

  it('runtimes that AWS has removed, that nothing here can run, and that never were', async () => {
    for (const runtime of ['nodejs10.x', 'nodejs12.x', 'python3.7'] as const) {
      expect(await refusal({ Runtime: runtime })).toEqual({
        name: 'InvalidParameterValueException',
        message: `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
      });
    }
    expect((await refusal({ Runtime: 'java21' })).message).toBe(
      'The runtime java21 exists on AWS and is not implemented by this sandbox. It runs Node.js and Python functions.',
    );
    const unknown = await refusal({ Runtime: 'nodejs23.x' as 'nodejs22.x' });
    expect(unknown.name).toBe('InvalidParameterValueException');
    expect(unknown.message).toMatch(
      /^Value nodejs23\.x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs20\.x, python3\.14, provided\.al2023, .* java8\.al2, nodejs26\.x, .*\] or be a valid ARN$/,
    );
  });

  it('a function without runtime or handler', async () => {
    const message = 'Runtime and Handler are mandatory parameters for functions created with deployment packages.';
    expect((await refusal({ Runtime: undefined })).message).toBe(message);
    expect((await refusal({ Handler: undefined })).message).toBe(message);
  });

  it('limits that are not kept', async () => {
    expect((await refusal({ Timeout: 901, MemorySize: 64 })).message).toBe(
      "2 validation errors detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900; " +
        "Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
    );
  });

  it('a role that is no ARN, does not exist, or does not trust Lambda', async () => {
    expect((await refusal({ Role: 'r1' })).message).toBe(
      "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    );
    const unassumable = {
      name: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    };
    expect(await refusal({ Role: 'arn:aws:iam::000000000000:role/nobody' })).toEqual(unassumable);
    const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
    const { Role } = await lambda.iam.send(
      new CreateRoleCommand({ RoleName: 'for-ec2', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', ...trust }) }),
    );
    expect(await refusal({ Role: Role?.Arn })).toEqual(unassumable);
  });

  it('a role that the caller may not pass to Lambda', async () => {
    const create = { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' };
    const pass = { Effect: 'Allow', Action: 'iam:PassRole', Resource: lambda.role };
    const toLambda = { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } };
    const without = await lambda.clientOf('without-pass-role', create);
    expect(await failureOf(without.send(new CreateFunctionCommand(lambda.input(code))))).toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/without-pass-role/test is not authorized to perform: iam:PassRole on resource: ${lambda.role} because no identity-based policy allows the iam:PassRole action`,
    });
    const with_ = await lambda.clientOf('with-pass-role', create, { ...pass, ...toLambda });
    expect((await with_.send(new CreateFunctionCommand(lambda.input(code)))).State).toBe('Pending');
    without.destroy();
    with_.destroy();
  });

  it('code that is no ZIP file, is empty, or would leave its folder', async () => {
    const message = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
    expect(await refusal({ Code: { ZipFile: Buffer.from('exports.handler') } })).toEqual({
      name: 'InvalidParameterValueException',
      message,
    });
    expect((await refusal({ Code: { ZipFile: zipSync({}) } })).message).toBe('Uploaded file must be a non-empty zip');
    expect((await refusal({ Code: { ZipFile: zipped({ '../evil.js': '' }) } })).message).toBe(
      `${message} "../evil.js" would be unpacked outside of the function's folder.`,
    );
  });

  it('code that is too large, packed or unpacked', async () => {
    // Without the detour of 70 MB over HTTP.
    await expect(digestCode(new Uint8Array(52_428_801))).rejects.toThrow('Zipped size must be smaller than 52428800 bytes');
    const zip = Buffer.from(zipped({ 'a.bin': 'a' }));
    zip.writeUInt32LE(262_144_001, zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    expect((await refusal({ Code: { ZipFile: zip } })).message).toBe('Unzipped size must be smaller than 262144000 bytes');
  });

  it('code from nowhere', async () => {
    expect((await refusal({ Code: {} })).message).toBe('Please provide a source for function code.');
    expect((await refusal({ Code: { S3Bucket: 'bucket' } })).message).toBe('Please provide a source for function code.');
  });

  it('a role of another account', async () => {
    expect(await refusal({ Role: lambda.role.replace('000000000000', '111111111111') })).toEqual({
      name: 'AccessDeniedException',
      message: 'Cross-account pass role is not allowed.',
    });
  });

  it('variables that Lambda sets itself, or that are too large', async () => {
    expect((await refusal({ Environment: { Variables: { AWS_REGION: 'x', STAGE: 'y' } } })).message).toBe(
      'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
    );
    expect((await refusal({ Environment: { Variables: { BIG: 'x'.repeat(4_094) } } })).message).toContain('exceeded the 4KB limit');
    expect((await refusal({ Environment: { Variables: { '1st': 'x' } } })).message).toContain('Map keys must satisfy constraint');
  });

  it('by name what it does not implement, rather than ignore it', async () => {
    const settings: readonly Partial<CreateFunctionCommandInput>[] = [
      { VpcConfig: { SubnetIds: ['subnet-1'] } },
      { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:q' } },
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] },
      { LoggingConfig: { LogFormat: 'JSON' } },
      { SnapStart: { ApplyOn: 'PublishedVersions' } },
      { PackageType: 'Image' },
    ];
    for (const each of settings)
      expect((await refusal(each)).message, JSON.stringify(each)).toMatch(/exists on AWS and is not implemented by this sandbox\.$/);
    await lambda.deploy(code, { VpcConfig: { SubnetIds: [] }, Layers: [], Publish: false, SnapStart: { ApplyOn: 'None' } });
  });
});
