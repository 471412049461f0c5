import { CreateFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { lambdaSandbox, zipped } from '../../support/lambda.ts';
import { patience } from '../../support/patience.ts';

const lambda = lambdaSandbox();
let s3: S3;

const packageOf = (answer: string) => zipped({ 'index.js': `exports.handler = async () => '${answer}';` });

beforeAll(async () => {
  const { endpoint, region, credentials } = lambda.sandbox;
  s3 = new S3({ endpoint, region, credentials, forcePathStyle: true });
  await s3.createBucket({ Bucket: 'packages' });
  await s3.createBucket({ Bucket: 'packages-abroad', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  for (const answer of ['first', 'second']) await s3.putObject({ Bucket: 'packages', Key: `${answer}.zip`, Body: packageOf(answer) });
});
afterAll(() => s3.destroy());

const refusal = (Code: { readonly S3Bucket: string; readonly S3Key: string }, client: LambdaClient = lambda.client) =>
  failureOf(client.send(new CreateFunctionCommand({ ...lambda.input(''), Code })));

describe('a function whose code lies in S3', () => {
  it('runs it, and what it is updated with', async () => {
    const name = await lambda.deploy('', { Code: { S3Bucket: 'packages', S3Key: 'first.zip' } });
    expect((await lambda.invoke(name)).answer).toBe('first');
    await lambda.client.send(new UpdateFunctionCodeCommand({ FunctionName: name, S3Bucket: 'packages', S3Key: 'second.zip' }));
    await expect.poll(async () => (await lambda.invoke(name)).answer, patience).toBe('second');
  });

  it('is refused where nothing lies', async () => {
    const missing = (code: string, text: string) => ({
      name: 'InvalidParameterValueException',
      message: `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${text}`,
    });
    expect(await refusal({ S3Bucket: 'nowhere', S3Key: 'first.zip' })).toEqual(
      missing('NoSuchBucket', 'The specified bucket does not exist'),
    );
    expect(await refusal({ S3Bucket: 'packages', S3Key: 'third.zip' })).toEqual(missing('NoSuchKey', 'The specified key does not exist.'));
    expect(await refusal({ S3Bucket: 'packages-abroad', S3Key: 'first.zip' })).toEqual(
      missing('PermanentRedirect', 'The bucket is in this region: eu-west-1. Please use this region to retry the request'),
    );
  });

  it('is refused to whoever may not read it', async () => {
    const client = await lambda.clientOf('builder', { Effect: 'Allow', Action: ['lambda:*', 'iam:PassRole'], Resource: '*' });
    const { name, message } = await refusal({ S3Bucket: 'packages', S3Key: 'first.zip' }, client);
    expect(name).toBe('AccessDeniedException');
    expect(message).toMatch(/^Your access has been denied by S3, .* GetObject for packages\/first\.zip\. S3 Error Code: AccessDenied\. /);
  });
});
