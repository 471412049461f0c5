import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountTrust } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const Bucket = 'guarded';
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest();
  await aws.s3.createBucket({ Bucket });
  for (const Key of ['open/a', 'open/b', 'secret/a']) await aws.s3.putObject({ Bucket, Key, Body: Key });
  await role('nothing', []);
  await role('reader', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/open/*` }]);
  await role('writer', [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }]);
  await role('lister', [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${Bucket}`,
      Condition: { StringLike: { 's3:prefix': 'open/*' } },
    },
    { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: `arn:aws:s3:::${Bucket}/open/*` },
  ]);
});
afterAll(() => aws.stop());

async function role(RoleName: string, Statement: readonly object[]): Promise<void> {
  await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: accountTrust });
  if (Statement.length === 0) return;
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await aws.iam.putRolePolicy({ RoleName, PolicyName: 's3', PolicyDocument });
}

describe('an owner that is expected', () => {
  it('has to be the one that a bucket has', async () => {
    await aws.s3.headBucket({ Bucket, ExpectedBucketOwner: '000000000000' });
    expect(await refusal(aws.s3.getObject({ Bucket, Key: 'open/a', ExpectedBucketOwner: '111111111111' }))).toMatchObject({ status: 403 });
    expect(await refusal(aws.s3.listObjectsV2({ Bucket, ExpectedBucketOwner: 'abcd' }))).toMatchObject({
      name: 'InvalidBucketOwnerAWSAccountID',
      message: 'The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]',
    });
  });
});

const caller = (name: string) => `User: arn:aws:sts::000000000000:assumed-role/${name}/tester is not authorized to perform:`;

describe('a role without a permission', () => {
  it('is refused in the words of S3, which puts the resource in quotation marks', async () => {
    const { s3 } = await aws.asRole('nothing');
    expect(await refusal(s3.getObject({ Bucket, Key: 'open/a' }))).toEqual({
      name: 'AccessDenied',
      message: `${caller('nothing')} s3:GetObject on resource: "arn:aws:s3:::guarded/open/a" because no identity-based policy allows the s3:GetObject action`,
      status: 403,
    });
    expect((await refusal(s3.listBuckets({}))).message).toBe(
      `${caller('nothing')} s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    );
    expect((await refusal(s3.createBucket({ Bucket: 'mine-only' }))).message).toContain(
      's3:CreateBucket on resource: "arn:aws:s3:::mine-only"',
    );
    expect(await refusal(s3.headBucket({ Bucket }))).toMatchObject({ status: 403 });
    expect(await refusal(s3.getObject({ Bucket: 'not-there', Key: 'k' }))).toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('a role with permissions', () => {
  it('reads what its policy names, and is not told what else there is', async () => {
    const { s3 } = await aws.asRole('reader');
    expect(await (await s3.getObject({ Bucket, Key: 'open/a' })).Body?.transformToString()).toBe('open/a');
    expect(await refusal(s3.getObject({ Bucket, Key: 'secret/a' }))).toMatchObject({ name: 'AccessDenied' });
    // Who may not list a bucket does not learn from an error which keys are not there.
    expect((await refusal(s3.getObject({ Bucket, Key: 'open/none' }))).message).toContain(
      's3:ListBucket on resource: "arn:aws:s3:::guarded"',
    );
  });

  it('lists under the prefix that a condition names', async () => {
    const { s3 } = await aws.asRole('lister');
    expect((await s3.listObjectsV2({ Bucket, Prefix: 'open/' })).KeyCount).toBe(2);
    expect(await refusal(s3.listObjectsV2({ Bucket, Prefix: 'secret/' }))).toMatchObject({ name: 'AccessDenied' });
    expect(await refusal(s3.listObjectsV2({ Bucket }))).toMatchObject({ name: 'AccessDenied' });
  });

  it('deletes what it may of a list', async () => {
    const { s3 } = await aws.asRole('lister');
    const Objects = [{ Key: 'open/b' }, { Key: 'secret/a' }];
    const { Deleted, Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects } });
    expect(Deleted).toEqual([{ Key: 'open/b' }]);
    expect(Errors).toEqual([
      {
        Key: 'secret/a',
        Code: 'AccessDenied',
        Message: expect.stringContaining('s3:DeleteObject on resource: "arn:aws:s3:::guarded/secret/a"'),
      },
    ]);
  });

  it('copies only what it may read to where it may write', async () => {
    const { s3 } = await aws.asRole('lister');
    await s3.copyObject({ Bucket, Key: 'open/copy', CopySource: `${Bucket}/secret/a` });
    expect((await refusal(s3.copyObject({ Bucket, Key: 'secret/copy', CopySource: `${Bucket}/open/a` }))).message).toContain(
      's3:PutObject on',
    );
    const writer = (await aws.asRole('writer')).s3;
    expect((await refusal(writer.copyObject({ Bucket, Key: 'open/copy', CopySource: `${Bucket}/secret/a` }))).message).toContain(
      's3:GetObject on resource: "arn:aws:s3:::guarded/secret/a"',
    );
  });
});
