import { describe, expect, it } from 'vitest';
import { type Claim, readClaim } from '../../../src/sandbox/auth/claim.ts';
import { SigningSecret, sha256, signatureOf } from '../../../src/sandbox/auth/signature.ts';
import type { WireRequest } from '../../../src/sandbox/wire.ts';

const secret = new SigningSecret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY');

function request(path: string, query: string, headers: Record<string, string>): WireRequest {
  return { method: 'GET', path, query, headers, body: Buffer.alloc(0) };
}

function claim(service: string, signedHeaders: string, over: Partial<Claim> = {}): Claim {
  return {
    accessKeyId: 'AKIDEXAMPLE',
    day: '20150830',
    region: 'us-east-1',
    service,
    signedHeaders: signedHeaders.split(';'),
    signature: '',
    signedAt: '20150830T123600Z',
    sessionToken: undefined,
    ...over,
  };
}

describe('the signature of a request is that of the examples which AWS has published', () => {
  it('get-vanilla, of the test suite for Signature Version 4', () => {
    const sent = request('/', '', { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' });
    expect(signatureOf(sent, claim('service', 'host;x-amz-date'), secret, sha256(''))).toBe(
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
  });

  it('iam:ListUsers, of the IAM User Guide', () => {
    const sent = request('/', 'Action=ListUsers&Version=2010-05-08', {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': '20150830T123600Z',
    });
    expect(signatureOf(sent, claim('iam', 'content-type;host;x-amz-date'), secret, sha256(''))).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('a presigned URL of the Amazon S3 API reference', () => {
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
    const sent = request('/test.txt', query, { host: 'examplebucket.s3.amazonaws.com' });
    const read = readClaim(sent);
    expect(read).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', day: '20130524', service: 's3', expires: '86400' });
    const s3Secret = new SigningSecret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
    expect(read && signatureOf(sent, read, s3Secret, 'UNSIGNED-PAYLOAD')).toBe(read?.signature);
  });
});

describe('a claim', () => {
  const scope = 'AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request';
  const signature = 'a'.repeat(64);
  const read = (authorization: string, query = '') => readClaim(request('/', query, { authorization, 'x-amz-date': '20150830T123600Z' }));

  it('is read whatever the order and the spaces of its parts', () => {
    const expected = claim('iam', 'host;x-amz-date', { signature });
    expect(read(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`)).toEqual(expected);
    expect(read(`AWS4-HMAC-SHA256 Signature=${signature},SignedHeaders=Host;X-Amz-Date,Credential=${scope}`)).toEqual(expected);
  });

  it.each([
    ['another algorithm', `AWS4-ECDSA-P256-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${signature}`],
    ['no signature', `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host`],
    ['a signature of another length', `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=abc`],
    ['no signed headers', `AWS4-HMAC-SHA256 Credential=${scope}, Signature=${signature}`],
    [
      'a scope of too few parts',
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/aws4_request, SignedHeaders=host, Signature=${signature}`,
    ],
    [
      'a scope of too many',
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/more/20150830/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${signature}`,
    ],
    [
      'a scope that ends otherwise',
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/request, SignedHeaders=host, Signature=${signature}`,
    ],
    ['another scheme', 'Basic YTpi'],
    ['nothing', ''],
  ])('is none with %s', (_, authorization) => expect(read(authorization)).toBeUndefined());

  it('is none where there are two', () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${signature}`;
    expect(read(authorization, `X-Amz-Signature=${signature}`)).toBeUndefined();
  });
});
