import { crc32 } from 'node:zlib';
import { mutateBytes } from './lab-mutations.mjs';
import { texts } from './values.mjs';

/** @typedef {import('../support/random.mjs').Random} Random */
/** @typedef {import('./request-wire.mjs').Request} Request */

const jsonBodies = [
  '',
  '{',
  '[]',
  'null',
  'true',
  '0',
  '""',
  '{"a":}',
  '{"a":1,}',
  "{'a':1}",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1e400}',
  '{"StreamName":"\\ud800"}',
  '{"StreamName":"a","StreamName":"b"}',
  '['.repeat(50_000),
  '{"a":'.repeat(20_000),
  '\ufeff{}',
  '\0',
];

const xmlBodies = [
  '',
  '<',
  '<a>',
  '<a></b>',
  '<a/><b/>',
  '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Tagging>&x;</Tagging>',
  '<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>',
  '<Tagging><TagSet><Tag/><Tag/></TagSet></Tagging>',
  '<Tagging>text</Tagging>',
  '<Delete><Object/></Delete>',
  '<Delete><Object><Key></Key></Object><Quiet>maybe</Quiet></Delete>',
  '<CreateBucketConfiguration><LocationConstraint>nowhere</LocationConstraint></CreateBucketConfiguration>',
  '<__proto__><polluted>true</polluted></__proto__>',
  '<a>'.repeat(20_000),
  '<a b="c" b="d"/>',
  '<![CDATA[',
  '&#0;',
];

const forms = [
  '',
  'Action',
  'Action=',
  'Action=CreateRole',
  'Action=CreateRole&Action=DeleteRole',
  'Action=CreateRole&RoleName=a&Tags.member.1.Key=a&Tags.member.999999999.Key=b',
  'Action=CreateRole&__proto__.polluted=true&constructor.prototype.polluted=true',
  `Action=CreateRole&${'a.'.repeat(10_000)}=1`,
  'Action=GetRole&RoleName=%',
  'Action=GetRole&RoleName=%ff%fe',
  'Action=GetRole&RoleName.member.1=a',
  'Action=ListRoles&MaxItems=NaN',
  'Action=ListRoles&MaxItems=1e3',
  'Action=ListRoles&Marker=%00',
  'Action=%00',
  'Action=constructor',
  '&&&=&==',
];

/** Ways to make a request wrong in itself. They are signed afterwards. @type {Record<string, (request: Request, random: Random, service: string) => Request>} */
export const bodyAlterations = {
  json: (request, random) => ({ ...request, body: Buffer.from(random.pick(jsonBodies)) }),
  xml: (request, random) => ({ ...request, body: Buffer.from(random.pick(xmlBodies)) }),
  form: (request, random) => ({ ...request, body: Buffer.from(random.pick(forms)) }),
  bytes: (request, random) => ({ ...request, body: mutateBytes(request.body.toString('latin1'), random) }),
  cbor: (request, random) => ({
    ...request,
    headers: {
      ...request.headers,
      'content-type': random.pick(['application/cbor', 'application/x-amz-cbor-1.1']),
      'smithy-protocol': 'rpc-v2-cbor',
    },
    ...(random.chance(0.5) ? { path: '/service/Kinesis_20131202/operation/PutRecord' } : {}),
    body: Buffer.from(
      random.pick(['a0', 'bf', 'ff', '5f', '9f', '1bffffffffffffffff', 'bb7fffffffffffffff', 'd9d9f7a1', '7b7fffffffffffffff61']),
      'hex',
    ),
  }),
  eventStream: (request, random) => ({
    ...request,
    headers: { ...request.headers, 'content-type': 'application/vnd.amazon.eventstream' },
    body: eventStream(random),
  }),
  chunked: (request, random) => ({
    ...request,
    headers: {
      ...request.headers,
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': random.pick([
        'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'UNSIGNED-PAYLOAD',
        'x',
      ]),
      'x-amz-decoded-content-length': random.pick(['0', '1', '-1', '1e9', 'x', '99999999999999999999']),
    },
    body: Buffer.from(
      random.pick([
        '',
        '0\r\n\r\n',
        '1\r\na\r\n0\r\n\r\n',
        'ffffffff\r\na',
        '-1\r\n',
        '1;chunk-signature=x\r\na\r\n0\r\n',
        '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
        '5\r\nab',
      ]),
    ),
  }),
  query: (request, random) => ({
    ...request,
    query: random.pick([
      '=',
      '&',
      'a=%',
      '%',
      '%ff=%fe',
      'x-id=Nothing',
      'tagging',
      'acl',
      'uploads',
      'list-type=2',
      'list-type=3',
      'max-keys=-1',
      'max-keys=x',
      'Qualifier=',
      'a'.repeat(8_000),
      'response-content-type=%0d%0aX:y',
      'response-content-type=%e2%82%ac',
      'response-expires=%00',
      'versionId=null',
      'partNumber=0',
      'delimiter=%00&prefix=%ff',
      'encoding-type=url',
      'encoding-type=x',
      'continuation-token=x',
      'start-after=%',
    ]),
  }),
  path: (request, random) => ({
    ...request,
    path: random.pick([
      '/',
      '//',
      '/%',
      '/%00',
      '/%ff',
      '/..',
      '/../..',
      '/%2e%2e/',
      '/a/../b',
      `/${'a'.repeat(8_000)}`,
      `/${'a/'.repeat(4_000)}`,
      '/2015-03-31/functions',
      '/2015-03-31/functions/',
      '/2015-03-31/functions/%00/invocations',
      '/bucket-1/%00',
      '/bucket-1/%ff%fe',
      '/bucket-1//',
      '/_sandbox/health',
      '/__proto__',
      '/constructor/prototype',
    ]),
  }),
  method: (request, random) => ({
    ...request,
    method: random.pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']),
  }),
  target: (request, random) => ({
    ...request,
    headers: {
      ...request.headers,
      'x-amz-target': random.pick([
        '',
        '.',
        'Kinesis_20131202',
        'Kinesis_20131202.',
        'Kinesis_20131202.Nothing',
        'Kinesis_20131202.constructor',
        'Logs_20140328.PutLogEvents.More',
        'AmazonSQS.__proto__',
        'x'.repeat(5_000),
      ]),
    },
  }),
  headers: (request, random) => ({
    ...request,
    headers: {
      ...request.headers,
      ...random.pick([
        {
          range: random.pick([
            'bytes=',
            'bytes=-',
            'bytes=5-1',
            'bytes=0-99999999999999999999',
            'bytes=-0',
            'bytes=0-0,2-3',
            'lines=1-2',
            'bytes=x-y',
          ]),
        },
        { 'content-md5': random.pick(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA==']) },
        { 'x-amz-checksum-crc32': random.pick(['', 'x', 'AAAAAA==']), 'x-amz-checksum-sha256': 'x' },
        {
          'x-amz-copy-source': random.pick([
            '',
            '/',
            'a',
            '%',
            '/%/%',
            'bucket-1',
            'bucket-1/',
            'arn:aws:s3:::bucket-1/a',
            'bucket-1/a?versionId=x',
          ]),
        },
        { 'if-modified-since': random.pick(['', 'never', 'Thu, 01 Jan 1970 00:00:00 GMT']), 'if-none-match': '*' },
        { 'if-match': random.pick(['', '"', 'x', '*']) },
        { 'x-amz-meta-a': random.pick(['é', '', 'x'.repeat(4_000)]) },
        { 'content-type': random.pick(['', 'x', 'application/json', 'multipart/form-data', 'text/html']) },
        { 'x-amz-client-context': random.pick(['', 'x', 'e30=', 'bnVsbA==']), 'x-amz-invocation-type': random.pick(['', 'Nothing']) },
        { 'content-encoding': random.pick(['gzip', 'aws-chunked', 'br']) },
        { 'x-amz-security-token': random.pick(['', 'x']) },
        { expect: random.pick(['100-continue', 'x']) },
        { 'x-amz-tagging': random.pick(['', '=', 'a=b&a=c', '%', 'a'.repeat(300)]) },
      ]),
    },
  }),
};

/** Messages of an event stream (Smithy, "Amazon Event Stream Specification") whose lengths, checksums or headers are wrong. */
function eventStream(random) {
  return Buffer.concat(
    random.times(random.between(0, 3), () => {
      const payload = Buffer.from(random.pick(texts));
      const headers = random.pick([Buffer.alloc(0), Buffer.from([1, 97, 7, 0, 1, 98]), Buffer.from([255, 97]), Buffer.from([1, 97, 99])]);
      const prelude = Buffer.alloc(12);
      prelude.writeUInt32BE(random.pick([16 + headers.length + payload.length, 0, 1, 16, 0xffffffff]), 0);
      prelude.writeUInt32BE(random.pick([headers.length, 0xffffffff]), 4);
      prelude.writeUInt32BE(random.chance(0.7) ? crc32(prelude.subarray(0, 8)) : 0, 8);
      const message = Buffer.concat([prelude, headers, payload]);
      const end = Buffer.alloc(4);
      end.writeUInt32BE(random.chance(0.7) ? crc32(message) : 1, 0);
      return Buffer.concat([message, end]);
    }),
  );
}
