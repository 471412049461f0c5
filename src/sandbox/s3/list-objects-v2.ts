import type { OperationOf } from '../operation.ts';
import { invalidArgument } from './errors.ts';
import { keyWriter, listObjects as list, listedObject, listKeys, pageLimit } from './listing.ts';
import { onBucket, requestedBucket } from './request.ts';

export const listObjectsV2: OperationOf<'s3', 'ListObjectsV2'> = {
  ...onBucket('ListBucket'),
  conditionKeys: listKeys,
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    const { Prefix: prefix = '', Delimiter: delimiter = '', StartAfter: start, ContinuationToken: token, EncodingType: encoding } = input;
    const limit = pageLimit(input.MaxKeys);
    const write = keyWriter(encoding);
    const after = token === undefined ? (start ?? '') : readToken(token);
    const { objects, commonPrefixes, next } = list(bucket, { prefix, delimiter, after, limit });
    const owner = input.FetchOwner ? context.account : undefined;
    return {
      Name: bucket.name,
      Prefix: write(prefix),
      ...(delimiter === '' ? {} : { Delimiter: write(delimiter) }),
      // Who goes on where a token says is not told where it began (recorded).
      ...(start === undefined || token !== undefined ? {} : { StartAfter: write(start) }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(next === undefined ? {} : { NextContinuationToken: makeToken(next) }),
      KeyCount: objects.length + commonPrefixes.length,
      MaxKeys: limit,
      IsTruncated: next !== undefined,
      ...(encoding === undefined ? {} : { EncodingType: encoding }),
      ...(objects.length === 0 ? {} : { Contents: objects.map((stored) => listedObject(stored, write, owner)) }),
      ...(commonPrefixes.length === 0 ? {} : { CommonPrefixes: commonPrefixes.map((name) => ({ Prefix: write(name) })) }),
    };
  },
};

const mark = 'after:';

function makeToken(name: string): string {
  return Buffer.from(mark + name).toString('base64');
}

/** @throws {AwsError} InvalidArgument */
function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (text.startsWith(mark)) return text.slice(mark.length);
  // An empty one is not printed (recorded).
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token === '' ? undefined : token);
}
