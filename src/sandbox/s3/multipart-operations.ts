import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { checksum, checksumNames } from '../checksum.ts';
import { AwsError } from '../error.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import type { Bucket } from './bucket.ts';
import { checksumMembers, checksumType, givenChecksum } from './checksum-members.ts';
import { newContent } from './content.ts';
import { invalidArgument, invalidRequest, malformedXml } from './errors.ts';
import { joined, MultipartUpload, type UploadChecksum } from './multipart-upload.ts';
import { limited } from './object-tagging.ts';
import { checkConditionsThemselves, checkWriteConditions } from './preconditions.ts';
import { checkedKey, contentDetails, refuseOtherKeeping } from './put-object.ts';
import { onObject, requestedBucket } from './request.ts';
import { tagsOfHeader } from './tag-set.ts';

const mostParts = 10_000;
const encrypted = { ServerSideEncryption: 'AES256' } as const;

export const createMultipartUpload: OperationOf<'s3', 'CreateMultipartUpload'> = {
  ...onObject('PutObject'),
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    const key = checkedKey(input.Key ?? '');
    refuseOtherKeeping('s3:CreateMultipartUpload', input);
    const given = checksumOf(input);
    const tags = input.Tagging === undefined ? {} : { tags: limited(tagsOfHeader(input.Tagging)) };
    const upload = new MultipartUpload(key, { ...contentDetails(input), ...tags }, given, context.cloud.clock.now());
    bucket.uploads.set(upload.id, upload);
    return { Bucket: bucket.name, Key: key, UploadId: upload.id, ...encrypted, ...describedChecksum(given) };
  },
};

/** @throws {AwsError} InvalidRequest (recorded) */
function checksumOf({ ChecksumAlgorithm: algorithm, ChecksumType: type }: CreateMultipartUploadCommandInput): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const name = checksumNames.find((known) => known === algorithm.toLowerCase());
  if (name === undefined) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  // That of CRC64NVME cannot be made of those of the parts.
  return { name, composite: type === undefined ? name !== 'crc64nvme' : type === 'COMPOSITE' };
}

export function describedChecksum(given: UploadChecksum | undefined) {
  if (given === undefined) return {};
  return { ChecksumAlgorithm: given.name.toUpperCase() as 'CRC32', ChecksumType: checksumType(given) };
}

export const uploadPart: OperationOf<'s3', 'UploadPart'> = {
  ...onObject('PutObject'),
  async handle(input, context) {
    const { PartNumber: number = 0, Body: body } = input;
    const bytes = body instanceof Uint8Array ? body : new Uint8Array();
    if (!Number.isInteger(number) || number < 1 || number > mostParts) {
      const message = `Part number must be an integer between 1 and ${mostParts}, inclusive`;
      throw invalidArgument(message, 'partNumber', String(number));
    }
    refuseUnsupportedMembers('s3:UploadPart', input, ['SSECustomerAlgorithm', 'SSECustomerKey', 'SSECustomerKeyMD5']);
    const name = requestedUpload(input, context).upload.checksum?.name;
    const given = givenChecksum(input);
    if (name !== undefined && given !== undefined && given.name !== name) {
      throw invalidRequest(`Checksum Type mismatch occurred, expected checksum Type: ${name}, actual checksum Type: ${given.name}`);
    }
    const own = given ?? (name === undefined ? undefined : { name, value: await checksum(name, bytes) });
    const content = await newContent(bytes, own);
    requestedUpload(input, context).upload.put({ number, content, modified: context.cloud.clock.now() });
    const { ChecksumType, ...members } = own === undefined ? { ChecksumType: undefined } : checksumMembers(own);
    return { ETag: content.etag, ...members, ...encrypted };
  },
};

export const completeMultipartUpload: OperationOf<'s3', 'CompleteMultipartUpload'> = {
  ...onObject('PutObject'),
  async handle(input, context) {
    const { bucket, upload } = requestedUpload(input, context);
    if (input.MultipartUpload === undefined) throw invalidRequest('You must specify at least one part');
    const named = input.MultipartUpload.Parts ?? [];
    if (named.length === 0) throw malformedXml();
    checkConditionsThemselves(input);
    refuseUnsupportedMembers('s3:CompleteMultipartUpload', input, ['MpuObjectSize', 'SSECustomerAlgorithm', 'SSECustomerKey']);
    const parts = upload.chosen(
      named.map(({ PartNumber: number = 0, ETag: etag = '', ...rest }) => ({ number, etag, checksum: givenChecksum(rest) })),
    );
    const content = await joined(parts, upload.checksum);
    const whole = givenChecksum(input);
    if (whole !== undefined && whole.name === content.checksum.name && whole.value !== content.checksum.value) {
      // The text is unverified.
      throw new AwsError('BadDigest', `The ${whole.name.toUpperCase()} you specified did not match the calculated checksum.`);
    }
    // What was looked at before may have changed meanwhile.
    requestedUpload(input, context);
    checkWriteConditions(upload.key, bucket.find(upload.key), input);
    bucket.uploads.delete(upload.id);
    const stored = bucket.put(upload.key, content, upload.details);
    const Location = `${context.endpoint}/${bucket.name}/${encodeURIComponent(upload.key)}`;
    return { Location, Bucket: bucket.name, Key: upload.key, ETag: stored.etag, ...checksumMembers(stored.checksum), ...encrypted };
  },
};

export const abortMultipartUpload: OperationOf<'s3', 'AbortMultipartUpload'> = {
  ...onObject('AbortMultipartUpload'),
  handle(input, context) {
    const { bucket, upload } = requestedUpload(input, context);
    refuseUnsupportedMembers('s3:AbortMultipartUpload', input, ['IfMatchInitiatedTime']);
    bucket.uploads.delete(upload.id);
    return {};
  },
};

interface UploadReference {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}

/** @throws {AwsError} NoSuchUpload, also for the upload of another key (recorded) */
export function requestedUpload(
  reference: UploadReference,
  context: RequestContext,
): { readonly bucket: Bucket; readonly upload: MultipartUpload } {
  const bucket = requestedBucket(reference, context);
  const { UploadId = '' } = reference;
  const upload = bucket.uploads.get(UploadId);
  if (upload !== undefined && upload.key === reference.Key) return { bucket, upload };
  const message = 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', message, { status: 404, members: { UploadId } });
}
