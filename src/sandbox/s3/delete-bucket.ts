import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { bucketsOf } from './buckets.ts';
import { onBucket, requestedBucket } from './request.ts';

export const deleteBucket: OperationOf<'s3', 'DeleteBucket'> = {
  ...onBucket('DeleteBucket'),
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    if (!bucket.empty) {
      const message = 'The bucket you tried to delete is not empty';
      throw new AwsError('BucketNotEmpty', message, { status: 409, members: { BucketName: bucket.name } });
    }
    bucketsOf(context.cloud).delete(bucket);
    return {};
  },
};
