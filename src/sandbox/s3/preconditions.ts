import { AwsError } from '../error.ts';
import { noSuchKey, preconditionFailed } from './errors.ts';
import type { StoredObject } from './stored-object.ts';

interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * The conditions of GetObject and HeadObject; those on the ETag count more than those on the time (RFC 7232).
 * @throws {AwsError} PreconditionFailed, and an error of status 304 for an object that has not changed
 */
export function checkReadConditions(stored: StoredObject, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, stored.etag)) throw preconditionFailed('If-Match');
  if (IfMatch === undefined && IfUnmodifiedSince !== undefined && stored.modified > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const unchanged =
    IfNoneMatch !== undefined
      ? matches(IfNoneMatch, stored.etag)
      : IfModifiedSince !== undefined && stored.modified <= IfModifiedSince.getTime();
  if (unchanged) throw new AwsError('NotModified', 'Not Modified', { status: 304 });
}

/** The conditions of PutObject: nothing is there, or exactly this. @throws {AwsError} PreconditionFailed, NoSuchKey */
export function checkWriteConditions(
  key: string,
  existing: StoredObject | undefined,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
): void {
  if (IfNoneMatch === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (existing === undefined) throw noSuchKey(key);
  if (!matches(IfMatch, existing.etag)) throw preconditionFailed('If-Match');
}

function matches(condition: string, etag: string): boolean {
  return condition.split(',').some((one) => ['*', etag, etag.slice(1, -1)].includes(one.trim()));
}
