import { checksum, checksumNames } from '../checksum.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { checksumMembers } from './checksum-members.ts';
import { type Content, cameInParts, newContent } from './content.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { limited } from './object-tagging.ts';
import { checkConditionsThemselves, checkSourceConditions, checkWriteConditions } from './preconditions.ts';
import { checkedKey, contentDetails, refuseOtherKeeping } from './put-object.ts';
import { checkAccess, onObject, requestedBucket, requestedObject } from './request.ts';
import type { StoredObject } from './stored-object.ts';
import { tagsOfHeader } from './tag-set.ts';

/** Details and tags come with the object unless the request says REPLACE. */
export const copyObject: OperationOf<'s3', 'CopyObject'> = {
  ...onObject('PutObject'),
  async handle(input, context) {
    const bucket = requestedBucket(input, context);
    const key = checkedKey(input.Key ?? '');
    refuseOtherKeeping('s3:CopyObject', input);
    checkConditionsThemselves(input);
    const source = sourceOf(input.CopySource ?? '', context);
    checkSourceConditions(source, input, context.cloud.clock.now());
    const content = await copied(source, input.ChecksumAlgorithm);
    const replaced = input.MetadataDirective === 'REPLACE';
    if (source === bucket.find(key) && !replaced && input.StorageClass === undefined) {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    checkWriteConditions(key, bucket.find(key), input);
    const stored = bucket.put(key, content, {
      ...(replaced ? contentDetails(input) : source),
      storageClass: input.StorageClass,
      tags: input.TaggingDirective === 'REPLACE' ? limited(tagsOfHeader(input.Tagging ?? '')) : source.tags,
    });
    return {
      CopyObjectResult: { ETag: stored.etag, LastModified: new Date(stored.modified), ...checksumMembers(stored.checksum) },
      ServerSideEncryption: 'AES256',
    };
  },
};

async function copied(source: StoredObject, algorithm: string | undefined): Promise<Content> {
  const composite = source.checksum.composite ? source.checksum.name : undefined;
  const wanted = checksumNames.find((name) => name === algorithm?.toLowerCase()) ?? composite;
  const bytes = await source.read();
  const given = wanted === undefined ? source.checksum : { name: wanted, value: await checksum(wanted, bytes) };
  // A copy is of one piece.
  if (cameInParts(source)) return newContent(bytes, given);
  return { size: source.size, read: async () => bytes, etag: source.etag, checksum: given };
}

/** `bucket/key` or `/bucket/key`, percent-encoded. @throws {AwsError} */
function sourceOf(source: string, context: RequestContext): StoredObject {
  const [path = '', version] = source.split('?versionId=');
  const [, name, encodedKey] = /^\/?([^/]+)\/(.+)$/.exec(path) ?? [];
  if (name === undefined || encodedKey === undefined) {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', 'x-amz-copy-source');
  }
  if (version !== undefined && version !== 'null') throw invalidArgument('Invalid version id specified', 'versionId', version);
  const reference = { Bucket: name, Key: decodeKey(encodedKey) };
  checkAccess('s3:GetObject', `${requestedBucket(reference, context).arn}/${reference.Key}`, context);
  return requestedObject(reference, context);
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
