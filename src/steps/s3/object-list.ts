import { apiCall } from '../../aws/api-call.ts';

/** The objects of a bucket whose keys begin with a prefix. */
export const listObjects = ({ bucket, prefix }: { readonly bucket: string; readonly prefix: string }) =>
  apiCall('s3', 'ListObjectsV2', { Bucket: bucket, ...(prefix === '' ? {} : { Prefix: prefix }) });

/** How the next page of them is asked for. */
export const paged = { request: 'ContinuationToken', answer: 'NextContinuationToken' } as const;
