import * as s3 from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/sandbox/error.ts';
import { restXml } from '../../../src/sandbox/protocols/rest-xml.ts';
import { operationShapes } from '../../../src/sandbox/protocols/schema.ts';
import type { WireRequest } from '../../../src/sandbox/wire.ts';

const operations = operationShapes(s3);
const protocol = restXml({ operations });

function request(line: string, headers: Record<string, string> = {}, body = ''): WireRequest {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  return { method, path, query, headers: { host: '127.0.0.1:4567', ...headers }, body: Buffer.from(body) };
}

function routed(line: string, headers: Record<string, string> = {}): unknown {
  const route = protocol.route(request(line, headers));
  return route && [route.operation.name, route.labels];
}

async function read(line: string, headers: Record<string, string> = {}, body = ''): Promise<unknown> {
  const route = protocol.route(request(line, headers, body));
  if (!route) throw new Error('not recognised');
  return protocol.readInput(route, request(line, headers, body));
}

function written(name: string, output: Readonly<Record<string, unknown>>) {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no ${name}`);
  return protocol.writeOutput(operation, output, 'id-1');
}

describe('the S3 protocol', () => {
  it('quotes keys and errors so that every parser reads them', async () => {
    const key = 'a\u0001b';
    expect((await written('ListObjectsV2', { Contents: [{ Key: key }] })).body).toContain('<Key>a\ufffdb</Key>');
    expect(protocol.writeError(new AwsError('NoSuchKey', 'x', { members: { Key: key } }), 'id-1').body).toContain('<Key>a\ufffdb</Key>');
  });

  it.each([
    ['GET /', 'ListBuckets', {}],
    ['GET /?x-id=ListDirectoryBuckets', 'ListDirectoryBuckets', {}],
    ['PUT /b', 'CreateBucket', { Bucket: 'b' }],
    ['PUT /b/', 'CreateBucket', { Bucket: 'b' }],
    ['HEAD /b', 'HeadBucket', { Bucket: 'b' }],
    ['DELETE /b', 'DeleteBucket', { Bucket: 'b' }],
    ['GET /b', 'ListObjects', { Bucket: 'b' }],
    ['GET /b?list-type=2&prefix=p', 'ListObjectsV2', { Bucket: 'b' }],
    ['GET /b?location', 'GetBucketLocation', { Bucket: 'b' }],
    ['GET /b?versions&prefix=p', 'ListObjectVersions', { Bucket: 'b' }],
    ['GET /b?tagging=', 'GetBucketTagging', { Bucket: 'b' }],
    ['POST /b?delete', 'DeleteObjects', { Bucket: 'b' }],
    ['GET /b?analytics&id=1', 'GetBucketAnalyticsConfiguration', { Bucket: 'b' }],
    ['GET /b?analytics', 'ListBucketAnalyticsConfigurations', { Bucket: 'b' }],
    ['PUT /b/k?x-id=PutObject', 'PutObject', { Bucket: 'b', Key: 'k' }],
    ['PUT /b/k', 'PutObject', { Bucket: 'b', Key: 'k' }],
    ['PUT /b/k?partNumber=1&uploadId=u', 'UploadPart', { Bucket: 'b', Key: 'k' }],
    ['PUT /b/k?tagging', 'PutObjectTagging', { Bucket: 'b', Key: 'k' }],
    ['GET /b/k?uploadId=u', 'ListParts', { Bucket: 'b', Key: 'k' }],
    ['POST /b/k?uploads', 'CreateMultipartUpload', { Bucket: 'b', Key: 'k' }],
    ['POST /b/k?uploadId=u', 'CompleteMultipartUpload', { Bucket: 'b', Key: 'k' }],
    ['DELETE /b/a/%C3%BC//c%20d', 'DeleteObject', { Bucket: 'b', Key: 'a/ü//c d' }],
  ])('recognises %s', (line, name, labels) => expect(routed(line)).toEqual([name, labels]));

  it('tells a copy by its header, and a bucket by the name of the host', () => {
    expect(routed('PUT /b/k', { 'x-amz-copy-source': 's/k' })).toEqual(['CopyObject', { Bucket: 'b', Key: 'k' }]);
    expect(routed('GET /k', { host: 'my.bucket.localhost:4567' })).toEqual(['GetObject', { Bucket: 'my.bucket', Key: 'k' }]);
    expect(routed('GET /', { host: 'b.localhost' })).toEqual(['ListObjects', { Bucket: 'b' }]);
    expect(routed('GET /', { host: 'localhost:4567' })).toEqual(['ListBuckets', {}]);
    expect(routed('PATCH /b')).toBeUndefined();
  });

  it('reads members from the path, the query, headers and the body', async () => {
    expect(await read('GET /b?list-type=2&max-keys=7&fetch-owner=true&prefix=a%20b')).toEqual({
      Bucket: 'b',
      MaxKeys: 7,
      FetchOwner: true,
      Prefix: 'a b',
    });
    const headers = { 'content-type': 'text/plain', 'x-amz-meta-colour': 'red', 'x-amz-meta-__proto__': 'x' };
    const put = (await read('PUT /b/k', headers, 'body')) as Record<string, unknown>;
    expect(put).toMatchObject({ Bucket: 'b', Key: 'k', ContentType: 'text/plain', Body: Buffer.from('body') });
    expect(Object.entries(put['Metadata'] as object)).toEqual([
      ['colour', 'red'],
      ['__proto__', 'x'],
    ]);
    const many =
      '<Delete xmlns="x"><Object><Key>a &amp; b</Key></Object><Object><Key>c</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet></Delete>';
    expect(await read('POST /b?delete', {}, many)).toMatchObject({
      Delete: { Objects: [{ Key: 'a & b' }, { Key: 'c', VersionId: '1' }], Quiet: true },
    });
    expect(await read('POST /b?delete', {}, '<Delete><Object><Key>one</Key></Object></Delete>')).toMatchObject({
      Delete: { Objects: [{ Key: 'one' }] },
    });
  });

  it.each(['<Delete><Object>', 'no XML', '<'.repeat(5000), '<a>'.repeat(100_000)])('refuses a body that is no XML', async (body) => {
    await expect(read('POST /b?delete', {}, body)).rejects.toThrow(AwsError);
  });

  it('refuses a number that is none', async () => {
    await expect(read('GET /b?list-type=2&max-keys=many')).rejects.toThrow("'many' is not a number");
  });

  it('writes headers and bodies', async () => {
    const list = await written('ListObjectsV2', { Name: 'b', KeyCount: 1, Contents: [{ Key: 'a<b', Size: 3, LastModified: new Date(0) }] });
    expect(list.headers['content-type']).toBe('application/xml');
    expect(list.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<Contents><Key>a&lt;b</Key><LastModified>1970-01-01T00:00:00Z</LastModified><Size>3</Size></Contents>' +
        '<Name>b</Name><KeyCount>1</KeyCount></ListBucketResult>',
    );
    const object = await written('GetObject', {
      Body: Buffer.from('x'),
      ContentType: 'a/b',
      Metadata: { k: 'v' },
      LastModified: new Date(0),
    });
    expect(object.status).toBe(200);
    expect(object.headers).toMatchObject({
      'content-length': '1',
      'content-type': 'a/b',
      'x-amz-meta-k': 'v',
      'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
      'x-amz-request-id': 'id-1',
    });
    expect((await written('GetObject', { Body: Buffer.from('x'), ContentRange: 'bytes 0-0/2' })).status).toBe(206);
    expect(await written('HeadObject', { ContentLength: 12 })).toMatchObject({
      headers: { 'content-length': '12' },
      body: new Uint8Array(),
    });
    expect(await written('DeleteBucket', {})).toMatchObject({ status: 204, headers: { 'content-length': '0' } });
  });

  it('writes the place of a bucket as the text of the one element', async () => {
    const start = '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
    expect((await written('GetBucketLocation', { LocationConstraint: 'eu-west-1' })).body).toBe(`${start}>eu-west-1</LocationConstraint>`);
    expect((await written('GetBucketLocation', {})).body).toBe(`${start}/>`);
  });

  it('writes errors as S3 does', () => {
    const { status, body } = protocol.writeError(new AwsError('NoSuchKey', 'Not there.', { status: 404, members: { Key: 'a&b' } }), 'id-1');
    expect(status).toBe(404);
    expect(body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>Not there.<\/Message><Key>a&amp;b<\/Key><RequestId>id-1<\/RequestId><HostId>\S+<\/HostId><\/Error>$/,
    );
  });
});
