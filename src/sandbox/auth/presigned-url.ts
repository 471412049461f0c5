import { timeText, unsignedPayload } from './authenticate.ts';
import type { IssuedCredentials } from './credentials.ts';
import { signatureOf } from './signature.ts';

/** What a link of S3's is to be good for. */
export interface SignedLink {
  /** Where the client reaches this sandbox: `http://127.0.0.1:4567`. */
  readonly endpoint: string;
  /** Bucket and key, percent-encoded: `/bucket/key`. */
  readonly path: string;
  readonly region: string;
  /** In whose name. */
  readonly credentials: IssuedCredentials;
  /** Epoch milliseconds. */
  readonly signedAt: number;
  /** Seconds from then on. */
  readonly validity: number;
}

/** A URL that lets whoever has it read one object (Amazon S3 API reference, "Authenticating requests: using query parameters"). */
export function presignedUrl({ endpoint, path, region, credentials, signedAt: time, validity }: SignedLink): string {
  // S3 would take a name below localhost for that of a bucket.
  const { protocol, host } = new URL(endpoint.replace(/\/\/[^/]+\.localhost/i, '//localhost'));
  const signedAt = timeText(time);
  const day = signedAt.slice(0, 8);
  const { accessKeyId, sessionToken } = credentials;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${day}/${region}/s3/aws4_request`,
    'X-Amz-Date': signedAt,
    'X-Amz-Expires': String(validity),
    'X-Amz-SignedHeaders': 'host',
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
  });
  const request = { method: 'GET', path, query: query.toString(), headers: { host }, body: Buffer.alloc(0) };
  const claim = { accessKeyId, day, region, service: 's3', signedHeaders: ['host'], signature: '', signedAt, sessionToken };
  query.set('X-Amz-Signature', signatureOf(request, claim, credentials.signingSecret, unsignedPayload));
  return `${protocol}//${host}${path}?${query}`;
}
