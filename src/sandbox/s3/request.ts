import { denialText, findDenial, onQuotedResource } from '../iam/access.ts';
import type { RequestContext } from '../operation.ts';
import type { Bucket } from './bucket.ts';
import { bucketsOf } from './buckets.ts';
import { accessDenied, invalidBucketOwner, noSuchBucket, noSuchKey } from './errors.ts';
import type { StoredObject } from './stored-object.ts';

interface BucketReference {
  readonly Bucket: string | undefined;
  /** The account that the caller takes for the owner. */
  readonly ExpectedBucketOwner?: string | undefined;
}

interface ObjectReference extends BucketReference {
  readonly Key: string | undefined;
}

/**
 * The bucket that a request is about. Other accounts find it closed, because the sandbox has no bucket policies.
 * @throws {AwsError} NoSuchBucket, AccessDenied, InvalidBucketOwnerAWSAccountID
 */
export function requestedBucket(
  { Bucket: name = '', ExpectedBucketOwner: owner }: BucketReference,
  { cloud, account }: RequestContext,
): Bucket {
  if (owner !== undefined && !/^\d{12}$/.test(owner)) throw invalidBucketOwner(owner);
  const bucket = bucketsOf(cloud).find(name);
  if (bucket === undefined) throw noSuchBucket(name);
  if (bucket.owner !== account || (owner !== undefined && bucket.owner !== owner)) throw accessDenied();
  return bucket;
}

/**
 * The object that a request is about. Whether a key is there is told only to those who may list the bucket (Amazon S3 API
 * reference, GetObject).
 * @throws {AwsError} NoSuchBucket, NoSuchKey, AccessDenied
 */
export function requestedObject(reference: ObjectReference, context: RequestContext): StoredObject {
  const bucket = requestedBucket(reference, context);
  const { Key: key = '' } = reference;
  const found = bucket.find(key);
  if (found !== undefined) return found;
  checkAccess('s3:ListBucket', bucket.arn, context);
  throw noSuchKey(key);
}

/** @throws {AwsError} AccessDenied when the caller may not do this, for what IAM is not asked before the operation begins */
export function checkAccess(action: string, resource: string, context: RequestContext): void {
  const why = whyDenied(action, resource, context);
  if (why !== undefined) throw accessDenied(why);
}

export function whyDenied(action: string, resource: string, { cloud, principal }: RequestContext): string | undefined {
  const denied = findDenial(cloud, principal, action, [resource]);
  return denied && denialText(denied, onQuotedResource);
}

/** What IAM is asked for an operation on a bucket, which has to be there: S3 tells everybody when it is not. */
export function onBucket(action: string) {
  return {
    action: `s3:${action}`,
    resources: (input: BucketReference, context: RequestContext) => [requestedBucket(input, context).arn],
  };
}

/** What IAM is asked for an operation on an object, in a bucket that has to be there. */
export function onObject(action: string) {
  return {
    action: `s3:${action}`,
    resources: (input: ObjectReference, context: RequestContext) => [`${requestedBucket(input, context).arn}/${input.Key ?? ''}`],
  };
}
