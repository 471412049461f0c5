import type { OperationOf } from '../operation.ts';
import { checksumMembers } from './checksum-members.ts';
import { compareKeys } from './key-order.ts';
import { commonPrefix, keyWriter } from './listing.ts';
import { describedChecksum, requestedUpload } from './multipart-operations.ts';
import { ownerOf } from './owner.ts';
import { onBucket, onObject, requestedBucket } from './request.ts';
import type { StoredObject } from './stored-object.ts';

const mostListed = 1000;

const classOf = ({ storageClass }: Pick<StoredObject, 'storageClass'>) => (storageClass ?? 'STANDARD') as 'STANDARD';

export const listParts: OperationOf<'s3', 'ListParts'> = {
  ...onObject('ListMultipartUploadParts'),
  handle(input, context) {
    const { bucket, upload } = requestedUpload(input, context);
    const limit = Math.min(input.MaxParts ?? mostListed, mostListed);
    const after = Number(input.PartNumberMarker ?? 0);
    const found = upload.parts().filter(({ number }) => number > after);
    const shown = found.slice(0, limit);
    const owner = ownerOf(bucket.owner);
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(after),
      NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: found.length > shown.length,
      ...(shown.length === 0
        ? {}
        : {
            Parts: shown.map(({ number, content, modified }) => {
              const { ChecksumType, ...members } = checksumMembers(content.checksum);
              const LastModified = new Date(Math.floor(modified / 1000) * 1000);
              const part = { PartNumber: number, LastModified, ETag: content.etag, Size: content.size };
              return upload.checksum === undefined ? part : { ...part, ...members };
            }),
          }),
      Initiator: owner,
      Owner: owner,
      StorageClass: classOf(upload.details),
      ...describedChecksum(upload.checksum),
    };
  },
};

/** Those that have not been completed, by their keys and then by their age. */
export const listMultipartUploads: OperationOf<'s3', 'ListMultipartUploads'> = {
  ...onBucket('ListBucketMultipartUploads'),
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: key = '', EncodingType: encoding } = input;
    const write = keyWriter(encoding);
    // Without a key, a marker of an upload says nothing (recorded).
    const idMarker = key === '' ? '' : (input.UploadIdMarker ?? '');
    const limit = Math.min(input.MaxUploads ?? mostListed, mostListed);
    const all = [...bucket.uploads.values()].filter((upload) => upload.key.startsWith(prefix));
    const sorted = all.sort((one, other) => compareKeys(one.key, other.key) || one.begun - other.begun);
    const marked = idMarker === '' ? -1 : sorted.findIndex(({ id }) => id === idMarker);
    const found = sorted.filter((upload, index) => (marked >= 0 ? index > marked : compareKeys(upload.key, key) > 0));
    const folderOf = (name: string) => commonPrefix(name, prefix, delimiter);
    const folders = [...new Set(found.flatMap((upload) => folderOf(upload.key) ?? []))];
    const single = found.filter((upload) => folderOf(upload.key) === undefined);
    const shown = single.slice(0, limit);
    const last = shown.at(-1);
    const owner = ownerOf(bucket.owner);
    return {
      Bucket: bucket.name,
      KeyMarker: write(key),
      UploadIdMarker: idMarker,
      NextKeyMarker: write(last?.key ?? ''),
      NextUploadIdMarker: last?.id ?? '',
      ...(prefix === '' ? {} : { Prefix: write(prefix) }),
      ...(delimiter === '' ? {} : { Delimiter: write(delimiter) }),
      ...(encoding === undefined ? {} : { EncodingType: encoding }),
      MaxUploads: limit,
      IsTruncated: single.length > shown.length,
      ...(folders.length === 0 ? {} : { CommonPrefixes: folders.map((name) => ({ Prefix: write(name) })) }),
      ...(shown.length === 0
        ? {}
        : {
            Uploads: shown.map((upload) => ({
              UploadId: upload.id,
              Key: write(upload.key),
              Initiated: new Date(upload.begun),
              Initiator: owner,
              Owner: owner,
              StorageClass: classOf(upload.details),
              ...describedChecksum(upload.checksum),
            })),
          }),
    };
  },
};
