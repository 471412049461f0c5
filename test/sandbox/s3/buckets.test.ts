import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../../src/sandbox/s3/operations.ts';
import { bareCloud, contextOf, known, rootOf } from '../../support/account.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.UTC(2026, 10, 24, 9, 0, 0, 123));
let aws: SandboxUnderTest;
let inEurope: S3;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
  const { endpoint, credentials } = aws.sandbox;
  inEurope = new S3({ endpoint, credentials, region: 'eu-west-1', forcePathStyle: true, maxAttempts: 1 });
});
afterAll(async () => {
  inEurope.destroy();
  await aws.stop();
});

describe('a bucket', () => {
  it('is created, found, listed and deleted', async () => {
    expect(await aws.s3.createBucket({ Bucket: 'first-bucket' })).toMatchObject({
      Location: '/first-bucket',
      BucketArn: 'arn:aws:s3:::first-bucket',
    });
    expect(await aws.s3.headBucket({ Bucket: 'first-bucket' })).toMatchObject({
      BucketRegion: 'us-east-1',
      BucketArn: 'arn:aws:s3:::first-bucket',
      AccessPointAlias: false,
    });
    await aws.s3.createBucket({ Bucket: 'another-bucket' });
    const { Buckets, Owner } = await aws.s3.listBuckets({});
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(Buckets).toEqual([
      { Name: 'another-bucket', CreationDate: new Date('2026-11-24T09:00:00Z'), BucketArn: 'arn:aws:s3:::another-bucket' },
      { Name: 'first-bucket', CreationDate: new Date('2026-11-24T09:00:00Z'), BucketArn: 'arn:aws:s3:::first-bucket' },
    ]);
    await aws.s3.deleteBucket({ Bucket: 'first-bucket' });
    await aws.s3.deleteBucket({ Bucket: 'another-bucket' });
    expect((await aws.s3.listBuckets({})).Buckets ?? []).toEqual([]);
  });

  it('that is not there is said not to be, without a text where there is no body', async () => {
    const missing = { name: 'NoSuchBucket', message: 'The specified bucket does not exist', status: 404 };
    expect(await refusal(aws.s3.deleteBucket({ Bucket: 'no-such-bucket' }))).toEqual(missing);
    expect(await refusal(aws.s3.listObjectsV2({ Bucket: 'no-such-bucket' }))).toEqual(missing);
    expect(await refusal(aws.s3.putObject({ Bucket: 'no-such-bucket', Key: 'k', Body: 'x' }))).toEqual(missing);
    expect(await refusal(aws.s3.headBucket({ Bucket: 'no-such-bucket' }))).toMatchObject({ name: 'NotFound', status: 404 });
    const error: unknown = await aws.s3.deleteBucket({ Bucket: 'no-such-bucket' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ BucketName: 'no-such-bucket', $metadata: { extendedRequestId: expect.any(String) } });
  });

  it('is not deleted with objects in it', async () => {
    await aws.s3.createBucket({ Bucket: 'full-bucket' });
    await aws.s3.putObject({ Bucket: 'full-bucket', Key: 'k', Body: 'x' });
    expect(await refusal(aws.s3.deleteBucket({ Bucket: 'full-bucket' }))).toEqual({
      name: 'BucketNotEmpty',
      message: 'The bucket you tried to delete is not empty',
      status: 409,
    });
    await aws.s3.deleteObject({ Bucket: 'full-bucket', Key: 'k' });
    await aws.s3.deleteBucket({ Bucket: 'full-bucket' });
  });

  it.each(['ab', 'Upper-Case', 'under_score', 'a..b', '192.168.0.1', '-start', 'xn--bucket', 'name-s3alias', 'a'.repeat(64)])(
    'cannot have the name %j',
    async (Bucket) => {
      expect(await refusal(aws.s3.createBucket({ Bucket }))).toEqual({
        name: 'InvalidBucketName',
        message: 'The specified bucket is not valid.',
        status: 400,
      });
    },
  );

  it('can carry tags', async () => {
    const Bucket = 'tagged-bucket';
    await aws.s3.createBucket({ Bucket, CreateBucketConfiguration: { Tags: [{ Key: 'lab', Value: '04' }] } });
    expect((await aws.s3.getBucketTagging({ Bucket })).TagSet).toEqual([{ Key: 'lab', Value: '04' }]);
    const TagSet = [
      { Key: 'run', Value: 'a+b=c:d@e/f ü' },
      { Key: 'empty', Value: '' },
    ];
    const { $metadata } = await aws.s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    expect($metadata.httpStatusCode).toBe(204);
    expect((await aws.s3.getBucketTagging({ Bucket })).TagSet).toEqual(TagSet);
    const twice = [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ];
    expect(await refusal(aws.s3.putBucketTagging({ Bucket, Tagging: { TagSet: twice } }))).toEqual({
      name: 'InvalidTag',
      message: 'Cannot provide multiple Tags with the same key',
      status: 400,
    });
    await aws.s3.deleteBucketTagging({ Bucket });
    expect(await refusal(aws.s3.getBucketTagging({ Bucket }))).toEqual({
      name: 'NoSuchTagSet',
      message: 'The TagSet does not exist',
      status: 404,
    });
  });
});

describe('the place of a bucket', () => {
  it('is the region of the endpoint, which the request has to name outside of us-east-1', async () => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    const { Location } = await inEurope.createBucket({ Bucket: 'in-europe', CreateBucketConfiguration });
    expect(Location).toBe(`${aws.sandbox.endpoint}/in-europe/`);
    expect((await inEurope.getBucketLocation({ Bucket: 'in-europe' })).LocationConstraint).toBe('eu-west-1');
    await aws.s3.createBucket({ Bucket: 'in-america' });
    expect((await aws.s3.getBucketLocation({ Bucket: 'in-america' })).LocationConstraint).toBeUndefined();
    const elsewhere = { LocationConstraint: 'us-west-2' } as const;
    expect(await refusal(inEurope.createBucket({ Bucket: 'in-the-west', CreateBucketConfiguration: elsewhere }))).toEqual({
      name: 'IllegalLocationConstraintException',
      message: 'The us-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.',
      status: 400,
    });
    expect(
      await refusal(aws.s3.createBucket({ Bucket: 'nowhere', CreateBucketConfiguration: { LocationConstraint: 'us-east-1' as 'EU' } })),
    ).toEqual({ name: 'InvalidLocationConstraint', message: 'The specified location-constraint is not valid', status: 400 });
  });

  it('decides what is answered to creating it again', async () => {
    await aws.s3.createBucket({ Bucket: 'again-in-america' });
    await aws.s3.putObject({ Bucket: 'again-in-america', Key: 'kept', Body: 'x' });
    await aws.s3.createBucket({ Bucket: 'again-in-america' });
    expect((await aws.s3.listObjectsV2({ Bucket: 'again-in-america' })).KeyCount).toBe(1);
    const again = { Bucket: 'again-in-europe', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } as const;
    await inEurope.createBucket(again);
    expect(await refusal(inEurope.createBucket(again))).toEqual({
      name: 'BucketAlreadyOwnedByYou',
      message: 'Your previous request to create the named bucket succeeded and you already own it.',
      status: 409,
    });
  });
});

describe('the name of a bucket', () => {
  it('exists once over all accounts, and other accounts find the bucket closed', async () => {
    const { cloud } = bareCloud();
    const [mine, theirs] = [contextOf(cloud, '111111111111'), contextOf(cloud, '222222222222', rootOf('222222222222'))];
    known(operations.CreateBucket).handle({ Bucket: 'only-one' }, mine);
    const create = () => known(operations.CreateBucket).handle({ Bucket: 'only-one' }, theirs);
    expect(create).toThrow('The requested bucket name is not available. The bucket namespace is shared by all users of the system.');
    expect(() => known(operations.HeadBucket).resources?.({ Bucket: 'only-one' }, theirs)).toThrow('Access Denied');
    expect(known(operations.HeadBucket).resources?.({ Bucket: 'only-one' }, mine)).toEqual(['arn:aws:s3:::only-one']);
  });
});

describe('who may ask S3', () => {
  it('is told in its own words why not', async () => {
    const { endpoint, region, credentials } = aws.sandbox;
    const listAs = async (over: Partial<typeof credentials>) => {
      const s3 = new S3({ endpoint, region, credentials: { ...credentials, ...over }, forcePathStyle: true, maxAttempts: 1 });
      return refusal(s3.listBuckets({})).finally(() => s3.destroy());
    };
    expect(await listAs({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' })).toEqual({
      name: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
      status: 403,
    });
    expect(await listAs({ secretAccessKey: 'guessed' })).toEqual({
      name: 'SignatureDoesNotMatch',
      message: 'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      status: 403,
    });
  });

  it('does not get what the sandbox does not have, and hears what that is', async () => {
    expect(await refusal(aws.s3.getBucketVersioning({ Bucket: 'in-america' }))).toEqual({
      name: 'NotImplemented',
      message: 's3:GetBucketVersioning exists on AWS and is not implemented by this sandbox.',
      status: 501,
    });
    expect(await refusal(aws.s3.getObjectAttributes({ Bucket: 'in-america', Key: 'k', ObjectAttributes: ['ETag'] }))).toMatchObject({
      message: expect.stringContaining('s3:GetObjectAttributes'),
    });
    expect(await refusal(aws.s3.createBucket({ Bucket: 'public-bucket', ACL: 'public-read' }))).toEqual({
      name: 'AccessControlListNotSupported',
      message: 'The bucket does not allow ACLs',
      status: 400,
    });
  });
});
