import type { ChecksumAlgorithm, _Object as ListedObject } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { checksumType } from './checksum-members.ts';
import { invalidArgument } from './errors.ts';
import { compareKeys } from './key-order.ts';
import { ownerOf } from './owner.ts';
import type { StoredObject } from './stored-object.ts';

const mostKeys = 1000;

export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes behind this key or common prefix. */
  readonly after: string;
  readonly limit: number;
}

/** A part of a bucket's list. */
export interface Listing {
  readonly objects: readonly StoredObject[];
  /** What keys have in common up to a delimiter behind the prefix, instead of these keys. */
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix, when there are more behind it. */
  readonly next: string | undefined;
}

export function listObjects(bucket: Bucket, { prefix, delimiter, after, limit }: ListingRequest): Listing {
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  // No common prefix comes behind the keys that have it.
  for (const stored of bucket.objectsFrom(compareKeys(prefix, after) < 0 ? after : prefix)) {
    if (!stored.key.startsWith(prefix)) break;
    const common = commonPrefix(stored.key, prefix, delimiter);
    const name = common ?? stored.key;
    if (name === last || (after !== '' && compareKeys(name, after) <= 0)) continue;
    if (objects.length + commonPrefixes.length === limit) return { objects, commonPrefixes, next: limit === 0 ? undefined : last };
    last = name;
    if (common === undefined) objects.push(stored);
    else commonPrefixes.push(common);
  }
  return { objects, commonPrefixes, next: undefined };
}

/** What a key has up to the first delimiter behind the prefix, which lists name in its place; undefined where there is no delimiter. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** @throws {AwsError} InvalidArgument */
export function pageLimit(maxKeys: number | undefined): number {
  if (maxKeys !== undefined && (!Number.isInteger(maxKeys) || maxKeys < 0)) {
    const message = 'Argument maxKeys must be an integer between 0 and 2147483647';
    throw invalidArgument(message, 'maxKeys', String(maxKeys));
  }
  return Math.min(maxKeys ?? mostKeys, mostKeys);
}

/** How keys are written in an answer: as they are, or for clients whose XML cannot carry every character, percent-encoded. */
export function keyWriter(encoding: string | undefined): (key: string) => string {
  if (encoding === undefined) return (key) => key;
  if (encoding !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** @param account whose name is on the object, if it is to be told */
export function listedObject(stored: StoredObject, write: (key: string) => string, account?: string): ListedObject {
  return {
    Key: write(stored.key),
    LastModified: new Date(stored.modified),
    ETag: stored.etag,
    ChecksumAlgorithm: [stored.checksum.name.toUpperCase() as ChecksumAlgorithm],
    ChecksumType: checksumType(stored.checksum),
    Size: stored.size,
    StorageClass: (stored.storageClass ?? 'STANDARD') as NonNullable<ListedObject['StorageClass']>,
    ...(account === undefined ? {} : { Owner: ownerOf(account) }),
  };
}

/** What policies can ask about a list: `s3:prefix`, `s3:delimiter`, `s3:max-keys`. */
export function listKeys(input: {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}): Readonly<Record<string, string>> {
  return {
    ...(input.Prefix === undefined ? {} : { 's3:prefix': input.Prefix }),
    ...(input.Delimiter === undefined ? {} : { 's3:delimiter': input.Delimiter }),
    ...(input.MaxKeys === undefined ? {} : { 's3:max-keys': String(input.MaxKeys) }),
  };
}
