import type { CreateBucketConfiguration, StorageClass, Tag } from '@aws-sdk/client-s3';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';
import { sendSigned, sign } from '../../support/signed-request.ts';

// All texts are recorded from AWS.

const clock = manualClock(Date.UTC(2026, 10, 24, 9));
const Bucket = 'refused';
const Key = 'source';
let aws: SandboxUnderTest;
let ETag: string | undefined;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
  await aws.s3.createBucket({ Bucket });
  ETag = (await aws.s3.putObject({ Bucket, Key, Body: 'data', Expires: new Date('2027-01-01T00:00:00Z') })).ETag;
  await clock.advance(3_000);
});
afterAll(() => aws.stop());

const failed = 'At least one of the pre-conditions you specified did not hold';
const past = () => new Date(clock.now() - 86_400_000);

describe('an object', () => {
  it('is told with its checksum to whoever asks for that', async () => {
    expect((await aws.s3.headObject({ Bucket, Key })).ChecksumCRC32).toBeUndefined();
    expect((await aws.s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' })).ChecksumCRC32).toBe('rfPzYw==');
  });

  it('has the header that says how long it may be cached', async () => {
    const signer = { ...aws.sandbox, service: 's3', at: new Date(clock.now()) };
    const answer = await sendSigned(signer, await sign(signer, { method: 'HEAD', path: `/${Bucket}/${Key}` }));
    expect(answer.headers['expires']).toBe('Fri, 01 Jan 2027 00:00:00 GMT');
  });

  it('of an archive cannot be read before it is restored', async () => {
    await aws.s3.putObject({ Bucket, Key: 'deep', Body: 'x', StorageClass: 'DEEP_ARCHIVE' });
    expect((await aws.s3.headObject({ Bucket, Key: 'deep' })).StorageClass).toBe('DEEP_ARCHIVE');
    expect(await refusal(aws.s3.getObject({ Bucket, Key: 'deep' }))).toEqual({
      name: 'InvalidObjectState',
      message: "The operation is not valid for the object's storage class",
      status: 403,
    });
    const put = aws.s3.putObject({ Bucket, Key: 'post', Body: 'x', StorageClass: 'OUTPOSTS' as StorageClass });
    expect(await refusal(put)).toMatchObject({ name: 'InvalidStorageClass', message: 'The storage class you specified is not valid' });
  });

  it('is not modified since a time that is yet to come, but that is no condition', async () => {
    const now = new Date(clock.now());
    expect((await refusal(aws.s3.getObject({ Bucket, Key, IfModifiedSince: now }))).status).toBe(304);
    const answer = await aws.s3.getObject({ Bucket, Key, IfModifiedSince: new Date(clock.now() + 86_400_000) });
    expect(await answer.Body?.transformToString()).toBe('data');
  });
});

describe('a copy', () => {
  const copy = (conditions: object) => aws.s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}`, ...conditions });

  it('is made only if the source is as it should be, in this order', async () => {
    const conditions: [string, object][] = [
      ['If-Match', { CopySourceIfMatch: 'etag123' }],
      ['If-Unmodified-Since', { CopySourceIfUnmodifiedSince: past() }],
      ['If-None-Match', { CopySourceIfNoneMatch: ETag }],
      ['If-Modified-Since', { CopySourceIfModifiedSince: new Date(clock.now()) }],
    ];
    for (const [index, [Condition]] of conditions.entries()) {
      const all = Object.assign({}, ...conditions.slice(index).map(([, condition]) => condition));
      const error: unknown = await copy(all).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'PreconditionFailed', message: failed, Condition: `x-amz-copy-source-${Condition}` });
    }
    await copy({ CopySourceIfMatch: ETag, CopySourceIfModifiedSince: new Date(clock.now() + 86_400_000) });
  });

  it.each([
    ['If-None-Match', { IfNoneMatch: 'etag' }],
    ['If-Match', { IfMatch: '*' }],
    ['If-Match,If-None-Match', { IfMatch: 'etag', IfNoneMatch: '*' }],
  ])('and a put are refused for %s of a kind that S3 does not have', async (Header, conditions) => {
    for (const call of [copy(conditions), aws.s3.putObject({ Bucket, Key: 'put', Body: 'x', ...conditions })]) {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'NotImplemented',
        message: 'A header you provided implies functionality that is not implemented',
        Header,
      });
    }
  });
});

describe('a deletion', () => {
  it('is made only of the object that is meant', async () => {
    await aws.s3.putObject({ Bucket, Key: 'once', Body: 'x' });
    const wrong = aws.s3.deleteObject({ Bucket, Key: 'once', IfMatch: '"other"' });
    expect(await refusal(wrong)).toMatchObject({ name: 'PreconditionFailed', message: failed });
    await aws.s3.deleteObject({ Bucket, Key: 'once', IfMatch: '*' });
  });

  it('does not get past a lock that the bucket cannot have', async () => {
    const refused = {
      name: 'InvalidArgument',
      message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    };
    const BypassGovernanceRetention = false;
    expect(await refusal(aws.s3.deleteObject({ Bucket, Key, BypassGovernanceRetention }))).toMatchObject(refused);
    const many = aws.s3.deleteObjects({ Bucket, BypassGovernanceRetention, Delete: { Objects: [{ Key }] } });
    expect(await refusal(many)).toMatchObject(refused);
  });
});

describe('a bucket', () => {
  const create = async (name: string, region: string, CreateBucketConfiguration: CreateBucketConfiguration) => {
    const { endpoint, credentials } = aws.sandbox;
    const s3 = new S3({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    return s3.createBucket({ Bucket: name, CreateBucketConfiguration }).finally(() => s3.destroy());
  };

  it('can be made in a region by its older name', async () => {
    for (const region of ['us-east-1', 'eu-west-1']) {
      await create(`old-${region}`, region, { LocationConstraint: 'EU' });
      expect((await aws.s3.getBucketLocation({ Bucket: `old-${region}` })).LocationConstraint).toBe('EU');
      expect((await aws.s3.headBucket({ Bucket: `old-${region}` })).BucketRegion).toBe('eu-west-1');
    }
  });

  it('is made elsewhere than in us-east-1 in that region only', async () => {
    const there = { LocationConstraint: 'bar' } as unknown as CreateBucketConfiguration;
    expect(await refusal(create('nowhere', 'eu-west-1', there))).toMatchObject({
      name: 'IllegalLocationConstraintException',
      message: 'The bar location constraint is incompatible for the region specific endpoint this request was sent to.',
    });
    expect(await refusal(create('nowhere', 'us-east-1', there))).toMatchObject({ name: 'InvalidLocationConstraint' });
  });

  it('is not made again with tags', async () => {
    const Tags = [{ Key: 'tag1', Value: 'value1' }];
    await create('tagged', 'us-east-1', { Tags });
    await create('tagged', 'us-east-1', { Tags: [] });
    expect(await refusal(create('tagged', 'us-east-1', { Tags }))).toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    expect((await aws.s3.getBucketTagging({ Bucket: 'tagged' })).TagSet).toEqual(Tags);
  });

  it('loses its tags to none, and gets no half ones', async () => {
    const set = (TagSet: Tag[]) => aws.s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    await set([{ Key: 'a', Value: 'b' }]);
    expect(await refusal(set([{ Key: undefined, Value: 'b' }]))).toMatchObject({ name: 'MalformedXML' });
    expect(await refusal(set([{ Key: 'a', Value: undefined }]))).toMatchObject({ name: 'MalformedXML' });
    await set([]);
    expect(await refusal(aws.s3.getBucketTagging({ Bucket }))).toMatchObject({ name: 'NoSuchTagSet' });
    const Tagging = { TagSet: [{ Key: 'aws:a', Value: 'b' }] };
    expect(await refusal(aws.s3.putObjectTagging({ Bucket, Key, Tagging }))).toMatchObject({
      message: 'Your TagKey cannot be prefixed with aws:',
    });
  });

  it('is listed from where a token says, whatever else the request says', async () => {
    for (const name of ['l1', 'l2', 'l3']) await aws.s3.putObject({ Bucket, Key: name, Body: name });
    const list = { Bucket, Prefix: 'l', StartAfter: 'l1', MaxKeys: 1 };
    const { NextContinuationToken: ContinuationToken, StartAfter } = await aws.s3.listObjectsV2(list);
    expect(StartAfter).toBe('l1');
    const rest = await aws.s3.listObjectsV2({ ...list, ContinuationToken });
    expect([rest.StartAfter, rest.Contents?.map((object) => object.Key)]).toEqual([undefined, ['l3']]);
    expect((await aws.s3.listBuckets({ ContinuationToken: '', MaxBuckets: 1 })).Buckets).toHaveLength(1);
    const empty = (over: object) => aws.s3.listObjectsV2({ Bucket, ...over }).catch((thrown: unknown) => thrown);
    expect(await empty({ ContinuationToken: '' })).not.toHaveProperty('ArgumentValue');
    expect(await empty({ EncodingType: '' })).toMatchObject({ ArgumentName: 'encoding-type', ArgumentValue: '' });
  });
});
