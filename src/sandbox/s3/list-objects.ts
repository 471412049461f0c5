import type { OperationOf } from '../operation.ts';
import { keyWriter, listObjects as list, listedObject, listKeys, pageLimit } from './listing.ts';
import { onBucket, requestedBucket } from './request.ts';

/** The older form. It tells where to go on only when there is a delimiter; otherwise that is the last key. */
export const listObjects: OperationOf<'s3', 'ListObjects'> = {
  ...onBucket('ListBucket'),
  conditionKeys: listKeys,
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: after = '', EncodingType: encoding } = input;
    const limit = pageLimit(input.MaxKeys);
    const write = keyWriter(encoding);
    const { objects, commonPrefixes, next } = list(bucket, { prefix, delimiter, after, limit });
    return {
      Name: bucket.name,
      Prefix: write(prefix),
      Marker: write(after),
      ...(delimiter === '' ? {} : { Delimiter: write(delimiter) }),
      ...(next === undefined || delimiter === '' ? {} : { NextMarker: write(next) }),
      MaxKeys: limit,
      IsTruncated: next !== undefined,
      ...(encoding === undefined ? {} : { EncodingType: encoding }),
      ...(objects.length === 0 ? {} : { Contents: objects.map((stored) => listedObject(stored, write, context.account)) }),
      ...(commonPrefixes.length === 0 ? {} : { CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: write(name) })) }),
    };
  },
};
