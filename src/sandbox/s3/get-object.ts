import type { GetObjectCommandInput, HeadObjectCommandInput, StorageClass } from '@aws-sdk/client-s3';
import { notImplemented } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { byteRange } from './byte-range.ts';
import { checksumMembers } from './checksum-members.ts';
import { cameInParts } from './content.ts';
import { invalidArgument, invalidObjectState } from './errors.ts';
import { checkReadConditions } from './preconditions.ts';
import { onObject, requestedObject } from './request.ts';
import type { StoredObject } from './stored-object.ts';

export const getObject: OperationOf<'s3', 'GetObject'> = {
  ...onObject('GetObject'),
  async handle(input, context) {
    const stored = found(requestedObject(input, context), input, context.cloud.clock.now());
    if (archived.includes(stored.storageClass)) throw invalidObjectState(stored.storageClass ?? '');
    const answer = { ...described(stored, input), ...partOf(stored, input) };
    const range = byteRange(input.Range, stored.size);
    const bytes = await stored.read();
    return { ...answer, Body: range === undefined ? bytes : bytes.subarray(range.first, range.last + 1) };
  },
};

/** The same answer without the object itself. */
export const headObject: OperationOf<'s3', 'HeadObject'> = {
  ...onObject('GetObject'),
  handle(input, context) {
    const stored = found(requestedObject(input, context), input, context.cloud.clock.now());
    return { ...described(stored, input), ...partOf(stored, input) };
  },
};

/** Classes whose objects have to be restored before they can be read (Amazon S3 API reference, GetObject). */
const archived: readonly (string | undefined)[] = ['GLACIER', 'DEEP_ARCHIVE'];

type ReadInput = GetObjectCommandInput | HeadObjectCommandInput;

/** @throws {AwsError} for another version than the only one, and for conditions that are not fulfilled */
function found(stored: StoredObject, input: ReadInput, now: number): StoredObject {
  if (input.VersionId !== undefined && input.VersionId !== 'null') {
    throw invalidArgument('Invalid version id specified', 'versionId', input.VersionId);
  }
  if (input.PartNumber !== undefined && (input.PartNumber !== 1 || cameInParts(stored))) throw notImplemented('PartNumber of s3:GetObject');
  checkReadConditions(stored, input, now);
  return stored;
}

/**
 * How long the answer is, and which part of the object it is when it is not all of it. Its checksum is told to those who ask
 * for it, and not for a part, for which it would be wrong (recorded).
 */
function partOf({ size, checksum }: StoredObject, { Range: header, ChecksumMode: mode }: ReadInput) {
  const range = byteRange(header, size);
  const length = range === undefined ? size : range.last - range.first + 1;
  return {
    ContentLength: length,
    ...(range === undefined ? {} : { ContentRange: `bytes ${range.first}-${range.last}/${size}` }),
    ...(mode === 'ENABLED' && length === size ? checksumMembers(checksum) : {}),
  };
}

function described(stored: StoredObject, input: ReadInput) {
  const expires = input.ResponseExpires ?? stored.expires;
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(stored.modified),
    ETag: stored.etag,
    CacheControl: wanted('cache-control', input.ResponseCacheControl) ?? stored.cacheControl,
    ContentDisposition: wanted('content-disposition', input.ResponseContentDisposition) ?? stored.contentDisposition,
    ContentEncoding: wanted('content-encoding', input.ResponseContentEncoding) ?? stored.contentEncoding,
    ContentLanguage: wanted('content-language', input.ResponseContentLanguage) ?? stored.contentLanguage,
    ContentType: wanted('content-type', input.ResponseContentType) ?? stored.contentType,
    // The clients make the other form of it from this header.
    Expires: expires === undefined ? undefined : new Date(expires),
    ServerSideEncryption: 'AES256',
    Metadata: { ...stored.metadata },
    // The usual class is not told.
    StorageClass: stored.storageClass === 'STANDARD' ? undefined : (stored.storageClass as StorageClass | undefined),
    TagCount: stored.tags.size === 0 ? undefined : stored.tags.size,
  } as const;
}

// What a header of HTTP can hold, and Latin-1 has (RFC 9110, 5.5).
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * What a request wants to have in a header of the answer.
 * @throws {AwsError} InvalidArgument for what cannot stand in a header. The text is from reports and unverified.
 */
function wanted(header: string, value: string | undefined): string | undefined {
  if (value === undefined || headerText.test(value)) return value;
  throw invalidArgument('Header value cannot be represented using ISO-8859-1.', `response-${header}`, value);
}
