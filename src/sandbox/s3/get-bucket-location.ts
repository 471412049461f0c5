import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import type { OperationOf } from '../operation.ts';
import { onBucket, requestedBucket } from './request.ts';

/** Buckets in us-east-1 have no location constraint. */
export const getBucketLocation: OperationOf<'s3', 'GetBucketLocation'> = {
  ...onBucket('GetBucketLocation'),
  handle(input, context) {
    const { region, constraint } = requestedBucket(input, context);
    return region === 'us-east-1' ? {} : { LocationConstraint: (constraint ?? region) as BucketLocationConstraint };
  },
};
