import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../error.ts';
import { notImplemented, refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { refuseAcl } from './acl.ts';
import { checksumMembers, givenChecksum } from './checksum-members.ts';
import { newContent } from './content.ts';
import { limited } from './object-tagging.ts';
import { checkConditionsThemselves, checkWriteConditions } from './preconditions.ts';
import { onObject, requestedBucket } from './request.ts';
import type { ObjectDetails } from './stored-object.ts';
import { tagsOfHeader } from './tag-set.ts';

const longestKey = 1024;

export const putObject: OperationOf<'s3', 'PutObject'> = {
  ...onObject('PutObject'),
  async handle(input, context) {
    // Before anything is looked at: what was looked at before could have changed meanwhile.
    const content = await newContent(input.Body instanceof Uint8Array ? input.Body : new Uint8Array(), givenChecksum(input));
    const bucket = requestedBucket(input, context);
    const key = checkedKey(input.Key ?? '');
    refuseOtherKeeping('s3:PutObject', input);
    refuseUnsupportedMembers('s3:PutObject', input, ['WriteOffsetBytes']);
    checkConditionsThemselves(input);
    checkWriteConditions(key, bucket.find(key), input);
    const stored = bucket.put(key, content, {
      ...contentDetails(input),
      ...(input.Tagging === undefined ? {} : { tags: limited(tagsOfHeader(input.Tagging)) }),
    });
    return { ETag: stored.etag, ...checksumMembers(stored.checksum), ServerSideEncryption: 'AES256' };
  },
};

/** @throws {AwsError} KeyTooLongError */
export function checkedKey(key: string): string {
  const size = Buffer.byteLength(key);
  if (size <= longestKey) return key;
  throw new AwsError('KeyTooLongError', 'Your key is too long', { members: { Size: String(size), MaxSizeAllowed: String(longestKey) } });
}

/** The members that say how an object is kept, of which the sandbox knows one way. @throws {AwsError} */
export function refuseOtherKeeping(
  operation: string,
  input: Pick<
    PutObjectCommandInput,
    'ACL' | 'GrantFullControl' | 'GrantRead' | 'GrantReadACP' | 'GrantWriteACP' | 'ServerSideEncryption' | 'StorageClass'
  >,
): void {
  refuseAcl(input);
  checkStorageClass(input.StorageClass);
  if (input.ServerSideEncryption !== undefined && input.ServerSideEncryption !== 'AES256') {
    throw notImplemented(`ServerSideEncryption ${input.ServerSideEncryption} of ${operation}`);
  }
  refuseUnsupportedMembers(operation, input, [
    'SSECustomerAlgorithm',
    'SSECustomerKey',
    'SSECustomerKeyMD5',
    'SSEKMSKeyId',
    'WebsiteRedirectLocation',
    'ObjectLockMode',
    'ObjectLockRetainUntilDate',
    'ObjectLockLegalHoldStatus',
  ]);
}

/** Those that an object of a general purpose bucket can be put into (Amazon S3 User Guide, "Understanding and managing storage classes"). */
const storageClasses: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

function checkStorageClass(StorageClassRequested = 'STANDARD'): void {
  if (storageClasses.includes(StorageClassRequested)) return;
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', { members: { StorageClassRequested } });
}

type ContentMembers = Pick<
  PutObjectCommandInput,
  'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'ContentType' | 'Expires' | 'Metadata' | 'StorageClass'
>;

/** What a request says about the content of an object. */
export function contentDetails(input: ContentMembers): ObjectDetails {
  return {
    contentType: input.ContentType,
    cacheControl: input.CacheControl,
    contentDisposition: input.ContentDisposition,
    contentEncoding: input.ContentEncoding,
    contentLanguage: input.ContentLanguage,
    expires: input.Expires?.toUTCString(),
    storageClass: input.StorageClass,
    metadata: input.Metadata ?? {},
  };
}
