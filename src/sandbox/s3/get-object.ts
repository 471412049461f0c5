import type { GetObjectCommandInput, HeadObjectCommandInput, StorageClass } from '@aws-sdk/client-s3';
import { notImplemented } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { byteRange } from './byte-range.ts';
import { checksumMembers } from './checksum-members.ts';
import { invalidArgument } from './errors.ts';
import { checkReadConditions } from './preconditions.ts';
import { onObject, requestedObject } from './request.ts';
import type { StoredObject } from './stored-object.ts';

export const getObject: OperationOf<'s3', 'GetObject'> = {
  ...onObject('GetObject'),
  async handle(input, context) {
    const stored = found(requestedObject(input, context), input);
    const answer = { ...described(stored, input), ...partOf(stored, input.Range) };
    const range = byteRange(input.Range, stored.size);
    const bytes = await stored.read();
    return { ...answer, Body: range === undefined ? bytes : bytes.subarray(range.first, range.last + 1) };
  },
};

/** The same answer without the object itself. */
export const headObject: OperationOf<'s3', 'HeadObject'> = {
  ...onObject('GetObject'),
  handle(input, context) {
    const stored = found(requestedObject(input, context), input);
    return { ...described(stored, input), ...partOf(stored, input.Range) };
  },
};

type ReadInput = GetObjectCommandInput | HeadObjectCommandInput;

/** @throws {AwsError} for another version than the only one, and for conditions that are not fulfilled */
function found(stored: StoredObject, input: ReadInput): StoredObject {
  if (input.VersionId !== undefined && input.VersionId !== 'null') {
    throw invalidArgument('Invalid version id specified', 'versionId', input.VersionId);
  }
  if (input.PartNumber !== undefined && input.PartNumber !== 1) throw notImplemented('PartNumber of s3:GetObject');
  checkReadConditions(stored, input);
  return stored;
}

/** How long the answer is, and which part of the object it is when it is not all of it. */
function partOf({ size, checksum }: StoredObject, header: string | undefined) {
  const range = byteRange(header, size);
  // The checksum of the whole would be wrong for a part.
  if (range === undefined) return { ContentLength: size, ...checksumMembers(checksum) };
  return { ContentLength: range.last - range.first + 1, ContentRange: `bytes ${range.first}-${range.last}/${size}` };
}

function described(stored: StoredObject, input: ReadInput) {
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(stored.modified),
    ETag: stored.etag,
    CacheControl: wanted('cache-control', input.ResponseCacheControl) ?? stored.cacheControl,
    ContentDisposition: wanted('content-disposition', input.ResponseContentDisposition) ?? stored.contentDisposition,
    ContentEncoding: wanted('content-encoding', input.ResponseContentEncoding) ?? stored.contentEncoding,
    ContentLanguage: wanted('content-language', input.ResponseContentLanguage) ?? stored.contentLanguage,
    ContentType: wanted('content-type', input.ResponseContentType) ?? stored.contentType,
    ExpiresString: input.ResponseExpires?.toUTCString() ?? stored.expires,
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
