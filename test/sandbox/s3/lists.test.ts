import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const Bucket = 'lists';
const keys = ['a', 'photos/1', 'photos/2', 'photos/2026/x', 'photos/2026/y', 'z', 'é', '\u{1F600}', '\uFF5E'];
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest();
  await aws.s3.createBucket({ Bucket });
  for (const Key of keys.toReversed()) await aws.s3.putObject({ Bucket, Key, Body: Key });
});
afterAll(() => aws.stop());

interface Names {
  readonly Contents?: readonly { readonly Key?: string | undefined }[] | undefined;
  readonly CommonPrefixes?: readonly { readonly Prefix?: string | undefined }[] | undefined;
}
const names = ({ Contents = [], CommonPrefixes = [] }: Names) => [
  Contents.map(({ Key }) => Key),
  CommonPrefixes.map(({ Prefix }) => Prefix),
];
const list = (over = {}) => aws.s3.listObjectsV2({ Bucket, ...over });

describe('the objects of a bucket', () => {
  it('are listed in the order of the bytes of their keys', async () => {
    const all = await list();
    // In UTF-8, U+FF5E comes before U+1F600; in UTF-16 it would come behind.
    expect(names(all)[0]).toEqual(['a', 'photos/1', 'photos/2', 'photos/2026/x', 'photos/2026/y', 'z', 'é', '\uFF5E', '\u{1F600}']);
    expect(all).toMatchObject({ Name: Bucket, Prefix: '', KeyCount: 9, MaxKeys: 1000, IsTruncated: false });
    expect(all.Contents?.[0]).toEqual({
      Key: 'a',
      LastModified: expect.any(Date),
      ETag: '"0cc175b9c0f1b6a831c399e269772661"',
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
      Size: 1,
      StorageClass: 'STANDARD',
    });
    expect((await list({ FetchOwner: true })).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are gathered under what their keys have in common up to a delimiter', async () => {
    expect(names(await list({ Delimiter: '/' }))).toEqual([['a', 'z', 'é', '\uFF5E', '\u{1F600}'], ['photos/']]);
    const photos = await list({ Prefix: 'photos/', Delimiter: '/' });
    expect([names(photos), photos.KeyCount]).toEqual([[['photos/1', 'photos/2'], ['photos/2026/']], 3]);
    expect(names(await list({ Prefix: 'photos/2' }))[0]).toEqual(['photos/2', 'photos/2026/x', 'photos/2026/y']);
    expect(names(await list({ Prefix: 'none' }))).toEqual([[], []]);
  });

  it('are listed page by page, prefixes counting like keys', async () => {
    const seen: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Delimiter: '/', MaxKeys: 2, ContinuationToken });
      seen.push(names(page));
      expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual([
      [['a'], ['photos/']],
      [['z', 'é'], []],
      [['\uFF5E', '\u{1F600}'], []],
    ]);
    expect(await refusal(list({ ContinuationToken: 'x' }))).toMatchObject({
      name: 'InvalidArgument',
      message: 'The continuation token provided is incorrect',
    });
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await refusal(list({ MaxKeys: -1 }))).toMatchObject({ name: 'InvalidArgument' });
  });

  it('can be listed from a key on', async () => {
    expect(names(await list({ StartAfter: 'photos/2026/y' }))[0]).toEqual(['z', 'é', '\uFF5E', '\u{1F600}']);
  });

  it('are listed with encoded keys for clients that want it', async () => {
    await aws.s3.putObject({ Bucket, Key: 'enc/a b+c\u0001', Body: '' });
    const encoded = await list({ Prefix: 'enc/', EncodingType: 'url' });
    expect([encoded.EncodingType, names(encoded)[0], encoded.Prefix]).toEqual(['url', ['enc/a+b%2Bc%01'], 'enc/']);
    await aws.s3.deleteObject({ Bucket, Key: 'enc/a b+c\u0001' });
    expect(await refusal(list({ EncodingType: 'base64' }))).toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid Encoding Method specified in Request',
    });
  });

  it('are listed in the older way as well', async () => {
    const first = await aws.s3.listObjects({ Bucket, Delimiter: '/', MaxKeys: 2 });
    expect(first).toMatchObject({ Marker: '', NextMarker: 'photos/', IsTruncated: true, MaxKeys: 2 });
    expect(first.Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    const second = await aws.s3.listObjects({ Bucket, Delimiter: '/', MaxKeys: 2, Marker: first.NextMarker });
    expect(names(second)).toEqual([['z', 'é'], []]);
    const plain = await aws.s3.listObjects({ Bucket, MaxKeys: 1 });
    expect([plain.IsTruncated, plain.NextMarker]).toEqual([true, undefined]);
  });
});
