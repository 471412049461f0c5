import { createHash, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Cloud } from './cloud.ts';
import { credentialStore, type IssuedCredentials } from './credentials.ts';
import { AwsError } from './error.ts';
import { notImplemented } from './not-implemented.ts';
import { Sha256 } from './sha256.ts';
import type { WireRequest } from './wire.ts';

/** What the `Authorization` header of a request says, before it is verified. */
export interface Claim {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly date: string;
  readonly region: string;
  /** The signing name of the service: `kinesis`, `lambda`, `iam`, `sts`, `logs`. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The names that a service family has for the same refusals: the JSON services, and IAM and STS (texts recorded from Kinesis). */
export interface Refusals {
  readonly unknownKey: string;
  readonly unknownKeyText: string;
  readonly badSignature: string;
  readonly badSignatureText: string;
  readonly expired: string;
  readonly expiredText: string;
  readonly status: number;
}

const commonTexts = {
  unknownKeyText: 'The security token included in the request is invalid.',
  badSignatureText:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  expiredText: 'The security token included in the request is expired',
};

export const jsonRefusals: Refusals = {
  ...commonTexts,
  unknownKey: 'UnrecognizedClientException',
  badSignature: 'InvalidSignatureException',
  expired: 'ExpiredTokenException',
  status: 400,
};
export const restRefusals: Refusals = { ...jsonRefusals, status: 403 };
export const queryRefusals: Refusals = {
  ...commonTexts,
  unknownKey: 'InvalidClientTokenId',
  badSignature: 'SignatureDoesNotMatch',
  expired: 'ExpiredToken',
  status: 403,
};

/** S3 has texts of its own (Amazon S3 API reference, "Error responses"). */
export const s3Refusals: Refusals = {
  unknownKey: 'InvalidAccessKeyId',
  unknownKeyText: 'The AWS Access Key Id you provided does not exist in our records.',
  badSignature: 'SignatureDoesNotMatch',
  badSignatureText: 'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  expired: 'ExpiredToken',
  expiredText: 'The provided token has expired.',
  status: 403,
};

/** Reads the `Authorization` header, or answers `undefined` when there is none that has the form of Signature Version 4. */
export function readClaim(request: WireRequest): Claim | undefined {
  const header = request.headers['authorization'];
  const found =
    header && /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})$/.exec(header);
  if (!found) return undefined;
  const [, scope = '', signedHeaders = '', signature = ''] = found;
  const [accessKeyId, date, region, service, end] = scope.split('/');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request') return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** A request may be this much older or younger than the machine's own clock (AWS: five minutes). */
const toleratedSkewMs = 5 * 60_000;

/**
 * Verifies who a request comes from: signs it again with the secret that belongs to the access key id and compares. The
 * payload is part of the signature, so a body that was changed on the way is refused as well.
 * @throws {AwsError} with the code that the family of services has for it.
 */
export async function authenticate(cloud: Cloud, request: WireRequest, claim: Claim, refusals: Refusals): Promise<IssuedCredentials> {
  const refuse = (code: string, message: string) => new AwsError(code, message, { status: refusals.status });
  const credentials = credentialStore(cloud).find(claim.accessKeyId);
  if (!credentials) throw refuse(refusals.unknownKey, refusals.unknownKeyText);
  const signedAt = parseDate(request.headers['x-amz-date']);
  // Clients sign with the machine's time, whatever time it is in the sandbox.
  if (!signedAt || Math.abs(Date.now() - signedAt.getTime()) > toleratedSkewMs) {
    throw refuse(
      refusals.badSignature,
      `Signature expired: ${request.headers['x-amz-date'] ?? 'no date'} is too far from the current time.`,
    );
  }
  if (credentials.sessionToken !== undefined && credentials.sessionToken !== request.headers['x-amz-security-token']) {
    throw refuse(refusals.unknownKey, refusals.unknownKeyText);
  }
  if (credentials.expiresAt !== undefined && credentials.expiresAt < cloud.clock.now()) {
    throw refuse(refusals.expired, refusals.expiredText);
  }
  if (!(await isSignedBy(credentials, request, claim, signedAt))) {
    throw refuse(refusals.badSignature, refusals.badSignatureText);
  }
  return credentials;
}

/** A body that is sent in chunks, with a checksum behind it that the protocol verifies. */
const unsignedChunks = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** @throws {AwsError} for a body whose chunks are signed one by one */
function streamed(claimedHash: string): boolean {
  if (claimedHash === unsignedChunks) return true;
  if (claimedHash.startsWith('STREAMING-')) throw notImplemented(`A payload of ${claimedHash}`);
  return false;
}

async function isSignedBy(credentials: IssuedCredentials, request: WireRequest, claim: Claim, signedAt: Date): Promise<boolean> {
  // Without these among the signed headers, a signature could be moved to another host or another day.
  const namesHost = claim.signedHeaders.includes('host') || claim.signedHeaders.includes(':authority');
  if (!namesHost || !claim.signedHeaders.includes('x-amz-date')) return false;
  const claimedHash = request.headers['x-amz-content-sha256'];
  if (claimedHash !== undefined && claimedHash !== 'UNSIGNED-PAYLOAD') {
    if (!streamed(claimedHash) && claimedHash !== createHash('sha256').update(request.body).digest('hex')) return false;
  }
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
    },
    region: claim.region,
    service: claim.service,
    sha256: Sha256,
    applyChecksum: false,
    uriEscapePath: claim.service !== 's3',
  });
  const headers: Record<string, string> = {};
  for (const name of claim.signedHeaders) headers[name] = request.headers[name] ?? '';
  if (claimedHash !== undefined && !claim.signedHeaders.includes('x-amz-content-sha256')) headers['x-amz-content-sha256'] = claimedHash;
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: request.headers['host'] ?? '',
      path: request.path,
      query: queryOf(request),
      headers,
      body: request.body,
    },
    {
      signingDate: signedAt,
      signableHeaders: new Set(claim.signedHeaders),
      unsignableHeaders: new Set(Object.keys(headers).filter((name) => !claim.signedHeaders.includes(name))),
    },
  );
  const signature = /Signature=([0-9a-f]{64})/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
  return signature.length === claim.signature.length && timingSafeEqual(Buffer.from(signature), Buffer.from(claim.signature));
}

function queryOf(request: WireRequest): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = {};
  const sent = new URLSearchParams(request.query);
  for (const key of sent.keys()) {
    const values = sent.getAll(key);
    parameters[key] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return parameters;
}

/** `20261121T090000Z` */
function parseDate(text: string | undefined): Date | undefined {
  const found = text && /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  return found ? new Date(`${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}:${found[6]}Z`) : undefined;
}
