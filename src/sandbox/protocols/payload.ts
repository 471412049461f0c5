import { type ChecksumName, checksum, checksumLength, checksumNames } from '../checksum.ts';
import { AwsError } from '../error.ts';
import { notImplemented } from '../not-implemented.ts';
import type { WireRequest } from '../wire.ts';
import { decodeChunked, incompleteBody } from './aws-chunked.ts';

/** The body of a request to S3 and its headers, those behind the body included. */
export interface Payload {
  readonly data: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Undoes the encoding that a body was sent in and compares it with the checksums that came with it.
 * @throws {AwsError} IncompleteBody, BadDigest, InvalidDigest, InvalidRequest; NotImplemented for a checksum that is unknown here
 */
export async function readPayload(request: WireRequest): Promise<Payload> {
  const payload = await unchunked(request);
  await verifyMd5(payload);
  const sent = checksumNames.filter((name) => payload.headers[headerOf(name)] !== undefined);
  if (sent.length > 1) {
    throw new AwsError('InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  for (const name of sent) await verify(name, payload);
  const unknown = Object.keys(payload.headers).find((name) => /^x-amz-checksum-xxhash/.test(name));
  if (unknown !== undefined) throw notImplemented(`The checksum ${unknown}`);
  return payload;
}

async function unchunked({ headers, body }: WireRequest): Promise<Payload> {
  if (!headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return { data: body, headers };
  const { data, trailers } = await decodeChunked(body);
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== data.length) throw incompleteBody();
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
  const { 'content-encoding': _, ...others } = headers;
  return { data, headers: { ...others, ...(encoding ? { 'content-encoding': encoding } : {}), ...trailers } };
}

async function verifyMd5({ data, headers }: Payload): Promise<void> {
  const sent = headers['content-md5'];
  if (sent === undefined) return;
  if (!isBase64Of(sent, 16)) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', { members: { 'Content-MD5': sent } });
  }
  const calculated = await checksum('md5', data);
  if (sent !== calculated) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      members: { ExpectedDigest: sent, CalculatedDigest: calculated },
    });
  }
}

async function verify(name: ChecksumName, { data, headers }: Payload): Promise<void> {
  const sent = headers[headerOf(name)] ?? '';
  if (!isBase64Of(sent, checksumLength(name))) {
    throw new AwsError('InvalidRequest', `Value for ${headerOf(name)} header is invalid.`);
  }
  if (sent !== (await checksum(name, data))) {
    throw new AwsError('BadDigest', `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
  }
}

function headerOf(name: ChecksumName): string {
  return `x-amz-checksum-${name}`;
}

function isBase64Of(text: string, length: number): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text;
}
