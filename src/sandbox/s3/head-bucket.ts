import type { OperationOf } from '../operation.ts';
import { onBucket, requestedBucket } from './request.ts';

export const headBucket: OperationOf<'s3', 'HeadBucket'> = {
  ...onBucket('ListBucket'),
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    return { BucketArn: bucket.arn, BucketRegion: bucket.region, AccessPointAlias: false };
  },
};
