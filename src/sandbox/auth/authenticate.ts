import { timingSafeEqual } from 'node:crypto';
import { type Clock, wallClock } from '../../util/clock.ts';
import { isRegion } from '../../util/region.ts';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { notImplemented } from '../not-implemented.ts';
import type { Principal } from '../operation.ts';
import type { WireRequest } from '../wire.ts';
import type { Claim } from './claim.ts';
import { credentialStore } from './credentials.ts';
import type { Refusal, Refusals } from './refusals.ts';
import { sha256, signatureOf } from './signature.ts';

/** What a service is known by to those who sign for it. */
export interface Signee {
  /** Its name in the scope of a signature. */
  readonly signingName: string;
  readonly refusals: Refusals;
}

export interface Authenticated {
  readonly principal: Principal;
  /** The clock that the caller goes by. Answers carry its time, by which the caller's SDK corrects its own. */
  readonly clock: Clock;
}

/**
 * Verifies who a request comes from: signs it again with the secret that belongs to the access key id and compares. The
 * payload is part of the signature, so a body that was changed on the way is refused as well.
 * @throws {AwsError} with the code that the family of services has for it.
 */
export function authenticate(cloud: Cloud, request: WireRequest, claim: Claim, { signingName, refusals }: Signee): Authenticated {
  const store = credentialStore(cloud);
  const credentials = store.find(claim.accessKeyId);
  const stranger = credentials === undefined ? store.strangers?.(claim.accessKeyId) : undefined;
  if (stranger !== undefined) return admitted(cloud, request, claim, { principal: stranger, refusals });
  if (!credentials) throw refused(refusals.unknownKey);
  const problem = scopeProblem(claim, signingName);
  if (problem !== undefined) throw refused(refusals.wrongScope(problem));
  const signedAt = parseTime(claim.signedAt);
  if (signedAt === undefined) throw refused(refusals.badSignature);
  const clock = signersClock(cloud, signedAt);
  checkTime(claim, signedAt, clock.now(), refusals);
  if (!sameText(credentials.sessionToken ?? '', claim.sessionToken ?? '')) throw refused(refusals.wrongToken);
  if (credentials.expiresAt !== undefined && credentials.expiresAt < cloud.clock.now()) throw refused(refusals.expiredToken);
  if (!signsEnough(request, claim)) throw refused(refusals.badSignature);
  const expected = signatureOf(request, claim, credentials.signingSecret, payloadHash(request, claim, refusals));
  if (!sameText(expected, claim.signature)) throw refused(refusals.badSignature);
  return { principal: credentials.principal, clock };
}

/** Takes whoever it is for `principal`, where that is allowed: what stands in the scope is all that has to make sense. */
function admitted(
  cloud: Cloud,
  request: WireRequest,
  claim: Claim,
  { principal, refusals }: { readonly principal: Principal; readonly refusals: Refusals },
): Authenticated {
  if (!isRegion(claim.region)) throw refused(refusals.wrongScope(wrongRegion));
  refuseSignedChunks(request);
  return { principal, clock: signersClock(cloud, parseTime(claim.signedAt) ?? wallClock.now()) };
}

/** The error that a refusal is thrown as. */
export function refused({ code, status, text }: Refusal): AwsError {
  return new AwsError(code, text, { status });
}

/** In AWS's words (IAM User Guide, "Troubleshoot Signature Version 4 signing"). */
function scopeProblem({ region, service, day, signedAt }: Claim, signingName: string): string | undefined {
  if (!isRegion(region)) return wrongRegion;
  if (service !== signingName) return `Credential should be scoped to correct service: '${signingName}'.`;
  if (signedAt.slice(0, 8) === day) return undefined;
  const other = signedAt.slice(0, 8);
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${other}', from '${signedAt}'.`;
}

const wrongRegion = 'Credential should be scoped to a valid region.';

/** Programs outside sign with the machine's time; functions with the sandbox's, which may be ahead of it. */
function signersClock({ clock }: Cloud, signedAt: number): Clock {
  return Math.abs(clock.now() - signedAt) < Math.abs(wallClock.now() - signedAt) ? clock : wallClock;
}

/** A presigned URL may be good for a week at the most (Amazon S3 API reference, "Authenticating requests: using query parameters"). */
const longestPresigned = 604_800;

function checkTime({ signedAt: text, expires }: Claim, signedAt: number, now: number, refusals: Refusals): void {
  const { toleratedSkew } = refusals;
  const tolerance = `${toleratedSkew / 60_000} min.`;
  const age = now - signedAt;
  const tooEarly = () =>
    `Signature not yet current: ${text} is still later than ${timeText(now + toleratedSkew)} (${timeText(now)} + ${tolerance})`;
  if (expires === undefined) {
    const tooLate = () =>
      `Signature expired: ${text} is now earlier than ${timeText(now - toleratedSkew)} (${timeText(now)} - ${tolerance})`;
    if (age < -toleratedSkew) throw refused(refusals.skewed(tooEarly()));
    if (age > toleratedSkew) throw refused(refusals.skewed(tooLate()));
    return;
  }
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires) || seconds < 1 || seconds > longestPresigned) throw refused(refusals.badSignature);
  if (age < -toleratedSkew) throw refused(refusals.presignedOutOfTime(tooEarly(), false));
  if (age > seconds * 1_000) {
    const end = timeText(signedAt + seconds * 1_000);
    throw refused(refusals.presignedOutOfTime(`Signature expired: ${end} is now earlier than ${timeText(now)}`, true));
  }
}

/**
 * Whether the signature covers what decides about the request: without the host and the time it could be moved to another
 * server or another day, and a header of AWS's that is not signed (`X-Amz-Target`) could be put in by anybody. The hash of the
 * payload is part of what is signed in any case.
 */
function signsEnough({ headers }: WireRequest, { signedHeaders, expires }: Claim): boolean {
  const signed = new Set(signedHeaders);
  if (!signed.has('host') && !signed.has(':authority')) return false;
  if (expires === undefined && !signed.has('x-amz-date')) return false;
  return Object.keys(headers).every((name) => !name.startsWith('x-amz-') || name === 'x-amz-content-sha256' || signed.has(name));
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD';
/** A body that is sent in chunks, with a checksum behind it that the protocol verifies. */
const unsignedChunks = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** @throws {AwsError} for a body that is not the one whose hash was sent, or whose chunks are signed one by one */
function payloadHash({ headers, body, bodySha256 }: WireRequest, { service, expires }: Claim, refusals: Refusals): string {
  const claimed = headers['x-amz-content-sha256'];
  if (claimed === undefined) return service === 's3' && expires !== undefined ? unsignedPayload : (bodySha256 ?? sha256(body));
  if (claimed === unsignedPayload || claimed === unsignedChunks) return claimed;
  refuseSignedChunks({ headers });
  if (claimed !== (bodySha256 ?? sha256(body))) throw refused(refusals.otherBody);
  return claimed;
}

/** @throws {AwsError} for a body whose chunks are signed one by one, which nobody here takes apart */
function refuseSignedChunks({ headers }: Pick<WireRequest, 'headers'>): void {
  const claimed = headers['x-amz-content-sha256'] ?? '';
  if (claimed.startsWith('STREAMING-') && claimed !== unsignedChunks) throw notImplemented(`A payload of ${claimed}`);
}

/** In a time that does not tell how much of it was right. */
function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `20261121T090000Z`; epoch milliseconds. */
function parseTime(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const time = found ? Date.parse(`${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}:${found[6]}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The reverse. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}
