import type { RequestHead } from '../wire.ts';

/** Who a request says it comes from, before that is verified. */
export interface Claim {
  readonly accessKeyId: string;
  /** The day in the scope of the signature: `20261121` */
  readonly day: string;
  readonly region: string;
  /** The signing name of the service: `kinesis`, `lambda`, `iam`, `sts`, `logs`. */
  readonly service: string;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When it was signed, as it stands there: `20261121T090000Z`. */
  readonly signedAt: string;
  /** Comes with temporary credentials. */
  readonly sessionToken: string | undefined;
  /** Of a presigned URL: for how many seconds from `signedAt` on it is good, as it stands there. */
  readonly expires?: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Reads the signature of a request (Signature Version 4) from the `Authorization` header or, if there is none, from the query
 * of a presigned URL. @returns undefined where there is no signature or not the whole of one.
 */
export function readClaim({ headers, query }: RequestHead): Claim | undefined {
  const authorization = headers['authorization'];
  if (authorization === undefined) return readPresigned(query);
  // Signed in both ways, it would not be clear which one counts.
  if (/(^|&)X-Amz-Signature=/i.test(query)) return undefined;
  const [, parameters = ''] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(authorization) ?? [];
  const parts = new Map(parameters.split(',').map((part) => splitAt(part.trim(), '=')));
  return claimOf({
    credential: parts.get('Credential'),
    signedHeaders: parts.get('SignedHeaders'),
    signature: parts.get('Signature'),
    signedAt: headers['x-amz-date'],
    sessionToken: headers['x-amz-security-token'],
  });
}

function readPresigned(query: string): Claim | undefined {
  if (!query.includes('X-Amz-Signature=')) return undefined;
  const parameters = new URLSearchParams(query);
  const named = (name: string): string | undefined => parameters.get(name) ?? undefined;
  if (named('X-Amz-Algorithm') !== algorithm) return undefined;
  const claim = claimOf({
    credential: named('X-Amz-Credential'),
    signedHeaders: named('X-Amz-SignedHeaders'),
    signature: named('X-Amz-Signature'),
    signedAt: named('X-Amz-Date'),
    sessionToken: named('X-Amz-Security-Token'),
  });
  return claim && { ...claim, expires: named('X-Amz-Expires') ?? '' };
}

function claimOf(parts: {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
  readonly signedAt: string | undefined;
  readonly sessionToken: string | undefined;
}): Claim | undefined {
  const { credential = '', signedHeaders = '', signature = '', signedAt = '', sessionToken } = parts;
  const [accessKeyId, day, region, service, end, ...more] = credential.split('/');
  // Whoever signs for an address, from which no service can be told, leaves the service empty.
  if (!accessKeyId || !day || !region || service === undefined || end !== 'aws4_request' || more.length > 0) return undefined;
  if (signedHeaders === '' || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  return { accessKeyId, day, region, service, signedHeaders: signedHeaders.toLowerCase().split(';'), signature, signedAt, sessionToken };
}

/** Whether a request is signed as it was before 2012, which only S3 ever took besides: `AWS <key>:<signature>`, or its parts in the query. */
export function isSignedByVersion2({ headers, query }: RequestHead): boolean {
  return headers['authorization']?.startsWith('AWS ') ?? /(^|&)AWSAccessKeyId=/.test(query);
}

function splitAt(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
