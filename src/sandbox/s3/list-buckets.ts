import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { bucketsOf } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { ownerOf } from './owner.ts';

export const listBuckets: OperationOf<'s3', 'ListBuckets'> = {
  action: 's3:ListAllMyBuckets',
  resources: () => ['*'],
  handle(input, { cloud, account }) {
    const { Prefix: prefix, BucketRegion: region, MaxBuckets: limit, ContinuationToken: given } = input;
    // An empty one is none (recorded).
    const token = given === '' ? undefined : given;
    const buckets = bucketsOf(cloud)
      .of(account)
      .filter((bucket) => bucket.name.startsWith(prefix ?? '') && (region === undefined || bucket.region === region));
    // The text is unverified.
    const invalid = () => invalidArgument('The continuation token provided is incorrect', 'continuation-token', token ?? '');
    const page = pageOf(buckets, { token, limit: limit ?? 10_000 }, ({ name }) => name, invalid);
    return {
      Owner: ownerOf(account),
      Buckets: page.items.map((bucket) => ({
        Name: bucket.name,
        CreationDate: new Date(bucket.created),
        BucketArn: bucket.arn,
        // The region is told to those who ask for a part of the buckets (recorded).
        ...(limit === undefined && prefix === undefined && region === undefined ? {} : { BucketRegion: bucket.region }),
      })),
      ...(prefix === undefined ? {} : { Prefix: prefix }),
      ...(page.next === undefined ? {} : { ContinuationToken: page.next }),
    };
  },
};
