import { createHmac, hash } from 'node:crypto';
import type { WireRequest } from '../wire.ts';
import type { Claim } from './claim.ts';

/**
 * The signature that a request should have, if it was signed with this secret (IAM User Guide, "Create a signed AWS API
 * request"). It covers the method, the path, the whole query, the headers that the claim names, and the payload.
 * @param payloadHash in hexadecimal, or one of the words that stand for a payload which is not signed
 * @returns 64 hexadecimal digits
 */
export function signatureOf(request: WireRequest, claim: Claim, secret: SigningSecret, payloadHash: string): string {
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const canonical = canonicalRequest(request, claim, payloadHash);
  const text = ['AWS4-HMAC-SHA256', claim.signedAt, scope, sha256(canonical)].join('\n');
  return createHmac('sha256', secret.keyFor(claim)).update(text).digest('hex');
}

/** In hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

// More than any client uses in a run; the region is the client's choice.
const mostKeys = 100;

/** A secret access key, and the keys that are derived from it for a day, a region and a service. */
export class SigningSecret {
  readonly #secret: string;
  readonly #keys = new Map<string, Buffer>();

  constructor(secretAccessKey: string) {
    this.#secret = secretAccessKey;
  }

  keyFor({ day, region, service }: Claim): Buffer {
    const name = `${day}/${region}/${service}`;
    const existing = this.#keys.get(name);
    if (existing) return existing;
    const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
      (before, part) => createHmac('sha256', before).update(part).digest(),
      Buffer.from(`AWS4${this.#secret}`),
    );
    if (this.#keys.size >= mostKeys) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}

// A space that stands alone stays as it is.
const manySpaces = /\s{2,}|[^\S ]/g;

function canonicalRequest(request: WireRequest, claim: Claim, payloadHash: string): string {
  const names = [...new Set(claim.signedHeaders)].sort();
  const headers = names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(manySpaces, ' ')}\n`);
  // S3 takes a path as it was sent: two slashes are two slashes.
  const path = claim.service === 's3' ? request.path : escapedAgain(request.path);
  return [request.method, path, canonicalQuery(request.query), headers.join(''), names.join(';'), payloadHash].join('\n');
}

/** All other services normalise the path and escape it once more than it was on the wire. */
function escapedAgain(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(escaped(part));
  }
  return `/${parts.join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return [...new URLSearchParams(query)]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [escaped(name), escaped(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => byCode(name, otherName) || byCode(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function byCode(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Everything but the unreserved characters of RFC 3986. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
