import { AwsError } from '../error.ts';
import { noSuchKey, preconditionFailed, unimplementedHeader } from './errors.ts';
import type { StoredObject } from './stored-object.ts';

interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * The conditions of GetObject and HeadObject; those on the ETag count more than those on the time (RFC 7232).
 * @param now a time that is yet to come is no condition (recorded)
 * @throws {AwsError} PreconditionFailed, and an error of status 304 for an object that has not changed
 */
export function checkReadConditions(stored: StoredObject, conditions: ReadConditions, now: number): void {
  const broken = brokenCondition(stored, conditions, now);
  if (broken === 'If-None-Match' || broken === 'If-Modified-Since') throw new AwsError('NotModified', 'Not Modified', { status: 304 });
  if (broken !== undefined) throw preconditionFailed(broken);
}

interface CopyConditions {
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

/** The same conditions on the source of CopyObject. @throws {AwsError} PreconditionFailed for each of them */
export function checkSourceConditions(source: StoredObject, conditions: CopyConditions, now: number): void {
  const {
    CopySourceIfMatch: IfMatch,
    CopySourceIfNoneMatch: IfNoneMatch,
    CopySourceIfModifiedSince: IfModifiedSince,
    CopySourceIfUnmodifiedSince: IfUnmodifiedSince,
  } = conditions;
  const broken = brokenCondition(source, { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }, now);
  if (broken !== undefined) throw preconditionFailed(`x-amz-copy-source-${broken}`);
}

/** The name of the header that holds what is not so. */
function brokenCondition({ etag, modified }: StoredObject, conditions: ReadConditions, now: number) {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, etag)) return 'If-Match';
  if (IfMatch === undefined && IfUnmodifiedSince !== undefined && modified > IfUnmodifiedSince.getTime()) return 'If-Unmodified-Since';
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, etag) ? 'If-None-Match' : undefined;
  if (IfModifiedSince === undefined || IfModifiedSince.getTime() > now) return undefined;
  return modified <= IfModifiedSince.getTime() ? 'If-Modified-Since' : undefined;
}

type WriteConditions = Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>;

/** What S3 takes as a condition of a write: that nothing is there, or one ETag (recorded). @throws {AwsError} NotImplemented, as S3 says it */
export function checkConditionsThemselves({ IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw unimplementedHeader('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  const refused = (header: string) => unimplementedHeader(header, `We don't accept the provided value of ${header} header for this API`);
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw refused('If-None-Match');
  if (IfMatch === '*') throw refused('If-Match');
}

/** The conditions of PutObject: nothing is there, or exactly this. @throws {AwsError} PreconditionFailed, NoSuchKey */
export function checkWriteConditions(key: string, existing: StoredObject | undefined, { IfMatch, IfNoneMatch }: WriteConditions): void {
  if (IfNoneMatch !== undefined && existing !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (existing === undefined) throw noSuchKey(key);
  if (!matches(IfMatch, existing.etag)) throw preconditionFailed('If-Match');
}

function matches(condition: string, etag: string): boolean {
  return condition.split(',').some((one) => ['*', etag, etag.slice(1, -1)].includes(one.trim()));
}
