import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';
import { sendSigned, sign } from '../../support/signed-request.ts';

const clock = manualClock(Date.UTC(2026, 10, 24, 9, 0, 0, 500));
const Bucket = 'objects';
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
  await aws.s3.createBucket({ Bucket });
});
afterAll(() => aws.stop());

const put = (Key: string, Body: string | Uint8Array, over = {}) => aws.s3.putObject({ Bucket, Key, Body, ...over });
const text = async (Key: string, over = {}) => (await aws.s3.getObject({ Bucket, Key, ...over })).Body?.transformToString();
const etag = (body: string) => `"${createHash('md5').update(body).digest('hex')}"`;

function crc32Text(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

describe('an object', () => {
  it('comes back as it was put', async () => {
    const { $metadata: _, ...answer } = await put('hello.txt', 'hello');
    expect(answer).toEqual({
      ETag: etag('hello'),
      ChecksumCRC32: crc32Text('hello'),
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    });
    const { Body, $metadata, ...got } = await aws.s3.getObject({ Bucket, Key: 'hello.txt' });
    expect(await Body?.transformToString()).toBe('hello');
    expect($metadata.httpStatusCode).toBe(200);
    expect(got).toMatchObject({
      AcceptRanges: 'bytes',
      ContentLength: 5,
      ContentType: 'application/octet-stream',
      ETag: etag('hello'),
      LastModified: new Date('2026-11-24T09:00:00Z'),
      Metadata: {},
    });
  });

  it.each(['a/b//c', 'spaces and + and ü', 'percent%20encoded', 'dots/../x', '*(),;:@&=$!?#[]', '日本/語'])(
    'can have the key %j',
    async (Key) => {
      await put(Key, Key);
      expect(await text(Key)).toBe(Key);
      expect((await aws.s3.listObjectsV2({ Bucket, Prefix: Key })).Contents?.map((listed) => listed.Key)).toEqual([Key]);
    },
  );

  it('keeps what was said about it', async () => {
    const said = {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'no-store',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      Metadata: { sensor: 'S1', 'two-words': 'a b' },
      StorageClass: 'STANDARD_IA',
    } as const;
    await put('described', 'x', { ...said, Expires: new Date('2027-01-01T00:00:00Z'), Tagging: 'lab=04&run=a%20b' });
    expect(await aws.s3.headObject({ Bucket, Key: 'described' })).toMatchObject({
      ...said,
      ExpiresString: 'Fri, 01 Jan 2027 00:00:00 GMT',
      ContentLength: 1,
      TagCount: 2,
    });
    const over = { ResponseContentType: 'application/json', ResponseCacheControl: 'max-age=1' };
    expect(await aws.s3.getObject({ Bucket, Key: 'described', ...over })).toMatchObject({
      ContentType: 'application/json',
      CacheControl: 'max-age=1',
    });
  });

  it.each(['\u001b[2J', 'a\r\nb: c', '€', '\0'])('is not given with a header that cannot hold what is wanted: %j', async (value) => {
    await put('plain', 'x');
    expect(await refusal(aws.s3.getObject({ Bucket, Key: 'plain', ResponseCacheControl: value }))).toMatchObject({
      name: 'InvalidArgument',
      message: 'Header value cannot be represented using ISO-8859-1.',
    });
    expect(await text('plain')).toBe('x');
  });

  it('can be empty, large, and replaced', async () => {
    await put('changing', '');
    expect(await text('changing')).toBe('');
    const large = Buffer.alloc(3_000_000, 'abc');
    await put('changing', large);
    const { Body } = await aws.s3.getObject({ Bucket, Key: 'changing' });
    expect(large.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
    await put('changing', 'small');
    expect(await text('changing')).toBe('small');
  });

  it('can be sent as a stream, in chunks with a checksum behind them', async () => {
    const body = 'streamed '.repeat(20_000);
    const stream = Readable.from([Buffer.from(body.slice(0, 70_000)), Buffer.from(body.slice(70_000))]);
    await put('streamed', stream as unknown as Uint8Array, { ContentLength: body.length });
    expect(await text('streamed')).toBe(body);
    expect(await aws.s3.headObject({ Bucket, Key: 'streamed', ChecksumMode: 'ENABLED' })).toMatchObject({
      ContentLength: body.length,
      ETag: etag(body),
      ChecksumCRC32: crc32Text(body),
    });
    expect((await aws.s3.headObject({ Bucket, Key: 'streamed' })).ContentEncoding).toBeUndefined();
  });

  it('is gone when it is deleted, which may be done again', async () => {
    await put('gone', 'x');
    await aws.s3.deleteObject({ Bucket, Key: 'gone' });
    const { $metadata } = await aws.s3.deleteObject({ Bucket, Key: 'gone' });
    expect($metadata.httpStatusCode).toBe(204);
    expect(await refusal(text('gone'))).toEqual({ name: 'NoSuchKey', message: 'The specified key does not exist.', status: 404 });
    expect(await refusal(aws.s3.headObject({ Bucket, Key: 'gone' }))).toMatchObject({ name: 'NotFound', status: 404 });
  });

  it('has a key of 1024 bytes at the most', async () => {
    await put('ü'.repeat(512), 'x');
    expect(await refusal(put(`${'ü'.repeat(512)}a`, 'x'))).toEqual({
      name: 'KeyTooLongError',
      message: 'Your key is too long',
      status: 400,
    });
  });

  it('has one version, and is kept in one way', async () => {
    expect(await refusal(aws.s3.getObject({ Bucket, Key: 'hello.txt', VersionId: 'abc' }))).toMatchObject({
      name: 'InvalidArgument',
      message: 'Invalid version id specified',
    });
    expect((await refusal(put('x', 'x', { ServerSideEncryption: 'aws:kms' }))).message).toContain(
      'ServerSideEncryption aws:kms of s3:PutObject',
    );
    expect((await refusal(put('x', 'x', { ObjectLockMode: 'GOVERNANCE' }))).message).toContain('ObjectLockMode of s3:PutObject');
    await put('x', 'x', { ServerSideEncryption: 'AES256', ACL: 'bucket-owner-full-control' });
  });

  it('carries tags', async () => {
    await put('tagged', 'x', { Tagging: 'a=1&b=' });
    const tags = async () => (await aws.s3.getObjectTagging({ Bucket, Key: 'tagged' })).TagSet;
    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ]);
    await aws.s3.putObjectTagging({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'c', Value: '3' }] } });
    expect(await tags()).toEqual([{ Key: 'c', Value: '3' }]);
    await aws.s3.deleteObjectTagging({ Bucket, Key: 'tagged' });
    expect(await tags()).toEqual([]);
    expect(await refusal(put('tagged', 'x', { Tagging: 'key1=val1&key1=val2' }))).toMatchObject({
      name: 'InvalidArgument',
      message: "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    });
    expect(await refusal(aws.s3.getObjectTagging({ Bucket, Key: 'untagged' }))).toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a part of an object', () => {
  beforeAll(() => put('digits', '0123456789'));

  it.each([
    ['bytes=0-8', '012345678', 'bytes 0-8/10'],
    ['bytes=1-1', '1', 'bytes 1-1/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=5-100', '56789', 'bytes 5-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('%s is %j', async (Range, expected, ContentRange) => {
    const { Body, $metadata, ...got } = await aws.s3.getObject({ Bucket, Key: 'digits', Range });
    expect([await Body?.transformToString(), $metadata.httpStatusCode]).toEqual([expected, 206]);
    expect(got).toMatchObject({ ContentRange, ContentLength: expected.length });
    // The checksum of the whole would be wrong for a part.
    expect(got.ChecksumCRC32).toBe(expected.length === 10 ? crc32Text(expected) : undefined);
  });

  it.each(['bytes=1-0', 'bytes=0-1,3-4', 'items=1-2'])('%s is no range, and the answer is everything', async (Range) => {
    expect(await text('digits', { Range })).toBe('0123456789');
  });

  it.each(['bytes=10-', 'bytes=100-200', 'bytes=-0'])('%s is not there', async (Range) => {
    const error: unknown = await text('digits', { Range }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'InvalidRange',
      message: 'The requested range is not satisfiable',
      ActualObjectSize: '10',
      RangeRequested: Range,
      $metadata: { httpStatusCode: 416 },
    });
  });
});

describe('conditions', () => {
  const failed = { name: 'PreconditionFailed', message: 'At least one of the pre-conditions you specified did not hold', status: 412 };
  beforeAll(() => put('conditional', 'one'));

  it('let an object be read only as it was expected', async () => {
    const get = (over: object) => text('conditional', over);
    expect(await get({ IfMatch: etag('one') })).toBe('one');
    expect(await refusal(get({ IfMatch: etag('two') }))).toEqual(failed);
    expect(await get({ IfNoneMatch: etag('two') })).toBe('one');
    expect(await refusal(get({ IfNoneMatch: etag('one') }))).toMatchObject({ status: 304 });
    const modified = new Date('2026-11-24T09:00:00Z');
    const before = new Date(modified.getTime() - 1000);
    expect(await refusal(get({ IfModifiedSince: modified }))).toMatchObject({ status: 304 });
    expect(await get({ IfModifiedSince: before })).toBe('one');
    expect(await get({ IfUnmodifiedSince: modified })).toBe('one');
    expect(await refusal(get({ IfUnmodifiedSince: before }))).toEqual(failed);
  });

  it('let an object be written only over what was expected', async () => {
    expect(await refusal(put('conditional', 'two', { IfNoneMatch: '*' }))).toEqual(failed);
    expect(await refusal(put('conditional', 'two', { IfMatch: etag('two') }))).toEqual(failed);
    expect(await refusal(put('not-there', 'two', { IfMatch: etag('two') }))).toMatchObject({ name: 'NoSuchKey' });
    await put('conditional', 'two', { IfMatch: etag('one') });
    await put('not-there', 'x', { IfNoneMatch: '*' });
    expect(await text('conditional')).toBe('two');
  });
});

describe('checksums', () => {
  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('of %s are verified and kept', async (ChecksumAlgorithm) => {
    const answer = await put('checked', 'payload', { ChecksumAlgorithm });
    const member = `Checksum${ChecksumAlgorithm}` as const;
    expect(answer[member]).toBeDefined();
    expect((await aws.s3.headObject({ Bucket, Key: 'checked', ChecksumMode: 'ENABLED' }))[member]).toBe(answer[member]);
    expect((await aws.s3.listObjectsV2({ Bucket, Prefix: 'checked' })).Contents?.[0]?.ChecksumAlgorithm).toEqual([ChecksumAlgorithm]);
  });

  it('that do not fit the body are refused', async () => {
    expect(await refusal(put('wrong', 'x', { ChecksumCRC32: crc32Text('y') }))).toEqual({
      name: 'BadDigest',
      message: 'The CRC32 you specified did not match the calculated checksum.',
      status: 400,
    });
    expect(await refusal(put('wrong', 'x', { ChecksumSHA256: 'short' }))).toEqual({
      name: 'InvalidRequest',
      message: 'Value for x-amz-checksum-sha256 header is invalid.',
      status: 400,
    });
    expect(await refusal(put('wrong', 'x', { ContentMD5: createHash('md5').update('y').digest('base64') }))).toMatchObject({
      name: 'BadDigest',
      message: 'The Content-MD5 you specified did not match what we received.',
    });
    expect(await refusal(put('wrong', 'x', { ContentMD5: 'no digest' }))).toMatchObject({ name: 'InvalidDigest' });
    expect(await refusal(text('wrong'))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('are made by S3 where a client sends none', async () => {
    const answer = await signed('PUT', `/${Bucket}/unchecked`, 'test data..');
    expect(answer.status).toBe(200);
    // As AWS answered for this body (recorded).
    expect(answer.headers['x-amz-checksum-crc64nvme']).toBe('qUVrWYOrIAM=');
    expect(await text('unchecked')).toBe('test data..');
  });
});

describe('deleting many objects', () => {
  it('answers for each of them, there or not, and quietly when asked', async () => {
    for (const Key of ['many/1', 'many/2', 'many/3']) await put(Key, 'x');
    const remove = (keys: string[], Quiet = false) =>
      aws.s3.deleteObjects({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet } });
    expect((await remove(['many/1', 'many/none'])).Deleted).toEqual([{ Key: 'many/1' }, { Key: 'many/none' }]);
    const quiet = await remove(['many/2'], true);
    expect([quiet.Deleted, quiet.Errors]).toEqual([undefined, undefined]);
    expect((await aws.s3.listObjectsV2({ Bucket, Prefix: 'many/' })).Contents?.map(({ Key }) => Key)).toEqual(['many/3']);
    const version = await aws.s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'many/3', VersionId: 'abc' }] } });
    expect(version.Errors).toEqual([
      { Key: 'many/3', VersionId: 'abc', Code: 'NoSuchVersion', Message: 'The specified version does not exist.' },
    ]);
  });

  it('takes at least one key and at most a thousand', async () => {
    const remove = (count: number) =>
      aws.s3.deleteObjects({ Bucket, Delete: { Objects: Array.from({ length: count }, (_, index) => ({ Key: `k${index}` })) } });
    expect(await refusal(remove(0))).toMatchObject({ name: 'MalformedXML', status: 400 });
    expect(await refusal(remove(1001))).toMatchObject({ name: 'MalformedXML', status: 400 });
    expect((await remove(1000)).Deleted).toHaveLength(1000);
  });
});

describe('copying an object', () => {
  it('takes its details along, or new ones', async () => {
    await put('source ü+', 'copied', { ContentType: 'text/plain', Metadata: { a: '1' }, Tagging: 'a=1' });
    const CopySource = `/${Bucket}/${encodeURIComponent('source ü+')}`;
    const { CopyObjectResult } = await aws.s3.copyObject({ Bucket, Key: 'copy', CopySource });
    expect(CopyObjectResult).toMatchObject({ ETag: etag('copied'), LastModified: new Date('2026-11-24T09:00:00Z') });
    expect(await aws.s3.headObject({ Bucket, Key: 'copy' })).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { a: '1' },
      TagCount: 1,
    });
    await aws.s3.copyObject({
      Bucket,
      Key: 'copy',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      TaggingDirective: 'REPLACE',
      Tagging: 'b=2&c=3',
    });
    expect(await aws.s3.headObject({ Bucket, Key: 'copy' })).toMatchObject({ Metadata: { b: '2' }, TagCount: 2 });
    expect(await text('copy')).toBe('copied');
  });

  it('needs a source, and a change when it is the same object', async () => {
    const copy = (CopySource: string, Key = 'copied-to') => aws.s3.copyObject({ Bucket, Key, CopySource });
    expect(await refusal(copy(`${Bucket}/never`))).toMatchObject({ name: 'NoSuchKey' });
    expect(await refusal(copy('never-a-bucket/k'))).toMatchObject({ name: 'NoSuchBucket' });
    expect(await refusal(copy('nothing'))).toMatchObject({ name: 'InvalidArgument', message: 'Invalid copy source object key' });
    await put('itself', 'x');
    expect(await refusal(copy(`${Bucket}/itself`, 'itself'))).toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('trying to copy an object to itself'),
    });
  });
});

describe('requests that no SDK makes', () => {
  it('find the bucket in the name of the host, too', async () => {
    await put('hosted', 'by name');
    const answer = await signed('GET', '/hosted', '', { host: `${Bucket}.localhost:${aws.sandbox.port}` });
    expect([answer.status, answer.body]).toEqual([200, 'by name']);
  });

  it('are refused with XML when they ask for what there is not', async () => {
    const answer = await signed('GET', `/${Bucket}/none<&>`, '');
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/xml']);
    expect(answer.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist.<\/Message><Key>none&lt;&amp;&gt;<\/Key><RequestId>[0-9a-f-]{36}<\/RequestId><HostId>/,
    );
    expect((await signed('PATCH', `/${Bucket}/k`, '')).body).toContain('<Code>MethodNotAllowed</Code>');
    expect((await signed('POST', `/${Bucket}?delete`, '<Delete><Object>')).body).toContain('<Code>MalformedXML</Code>');
  });

  it('are refused when their chunks are not what they should be', async () => {
    const chunked = (body: string) =>
      signed('PUT', `/${Bucket}/chunked`, body, {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'content-encoding': 'aws-chunked',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      });
    const trailer = (body: string) => `x-amz-checksum-crc32:${crc32Text(body)}\r\n\r\n`;
    expect((await chunked(`3\r\nhel\r\n2\r\nlo\r\n0\r\n${trailer('hello')}`)).status).toBe(200);
    expect(await text('chunked')).toBe('hello');
    expect((await chunked(`5\r\nhello\r\n0\r\n${trailer('other')}`)).body).toContain('<Code>BadDigest</Code>');
    expect((await chunked(`4\r\nhell\r\n0\r\n${trailer('hell')}`)).body).toContain('<Code>IncompleteBody</Code>');
    expect((await chunked('9\r\nhello')).body).toContain('<Code>IncompleteBody</Code>');
    const perChunk = await signed('PUT', `/${Bucket}/chunked`, 'x', { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' });
    expect([perChunk.status, perChunk.body]).toEqual([501, expect.stringContaining('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')]);
  });
});

/** A request that no SDK made, signed with the credentials of the sandbox. */
async function signed(method: string, pathAndQuery: string, body: string, headers: Record<string, string> = {}) {
  const signer = { ...aws.sandbox, service: 's3' };
  const [path = '/', query = ''] = pathAndQuery.split('?');
  const request = { method, path: encodeURI(path), query: query === '' ? {} : { [query]: '' }, headers, body };
  return sendSigned(signer, await sign(signer, request));
}
