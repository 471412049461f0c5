import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { onBucket, requestedBucket } from './request.ts';
import { taggingOf, tagSet, tagsOf } from './tag-set.ts';

const mostTags = 50;

/** Replaces all tags of a bucket. */
export const putBucketTagging: OperationOf<'s3', 'PutBucketTagging'> = {
  ...onBucket('PutBucketTagging'),
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    const tags = tagsOf(taggingOf(input.Tagging));
    // The text is unverified.
    if (tags.size > mostTags) throw new AwsError('BadRequest', `Bucket tag count cannot be greater than ${mostTags}`);
    bucket.tags = tags;
    return {};
  },
};

export const getBucketTagging: OperationOf<'s3', 'GetBucketTagging'> = {
  ...onBucket('GetBucketTagging'),
  handle(input, context) {
    const { tags, name } = requestedBucket(input, context);
    if (tags === undefined || tags.size === 0) {
      throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { status: 404, members: { BucketName: name } });
    }
    return { TagSet: tagSet(tags) };
  },
};

export const deleteBucketTagging: OperationOf<'s3', 'DeleteBucketTagging'> = {
  ...onBucket('PutBucketTagging'),
  handle(input, context) {
    requestedBucket(input, context).tags = undefined;
    return {};
  },
};
