import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

// All texts are recorded from AWS.

const Bucket = 'parts';
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest();
  await aws.s3.createBucket({ Bucket });
});
afterAll(() => aws.stop());

const first = Buffer.alloc(5 * 1024 * 1024, 'a');
const last = Buffer.from('the end');
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const sum = (bytes: Uint8Array) => {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(crc32(bytes));
  return word;
};
const gone = 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';

async function begin(Key: string, over: { ChecksumAlgorithm?: ChecksumAlgorithm; ContentType?: string } = {}) {
  const { UploadId } = await aws.s3.createMultipartUpload({ Bucket, Key, ...over });
  const upload = { Bucket, Key, UploadId };
  return {
    ...upload,
    async put(PartNumber: number, Body: Uint8Array) {
      const { ETag, ChecksumCRC32 } = await aws.s3.uploadPart({ ...upload, PartNumber, Body });
      return { ETag, ChecksumCRC32, PartNumber };
    },
    complete: (...Parts: object[]) => aws.s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } }),
  };
}

describe('an object that comes in parts', () => {
  it('is put together in the order of its parts, with an ETag and a checksum made of theirs', async () => {
    const upload = await begin('whole', { ChecksumAlgorithm: 'CRC32', ContentType: 'text/plain' });
    const end = await upload.put(7, last);
    const start = await upload.put(2, first);
    expect(start.ETag).toBe(`"${md5(first).toString('hex')}"`);
    const done = await upload.complete(start, end);
    const ETag = `"${md5(Buffer.concat([md5(first), md5(last)])).toString('hex')}-2"`;
    const ChecksumCRC32 = `${sum(Buffer.concat([sum(first), sum(last)])).toString('base64')}-2`;
    expect(done).toMatchObject({ Bucket, Key: 'whole', ETag, ChecksumCRC32, ChecksumType: 'COMPOSITE' });
    const got = await aws.s3.getObject({ Bucket, Key: 'whole', Range: `bytes=${first.length - 1}-` });
    expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['athe end', 'text/plain']);
    expect(await refusal(aws.s3.listParts({ Bucket, Key: 'whole', UploadId: upload.UploadId }))).toEqual({
      name: 'NoSuchUpload',
      message: gone,
      status: 404,
    });
    const copy = await aws.s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/whole` });
    const whole = Buffer.concat([first, last]);
    expect(copy.CopyObjectResult).toMatchObject({
      ETag: `"${md5(whole).toString('hex')}"`,
      ChecksumCRC32: sum(whole).toString('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('is not there before it is complete, and its parts are listed', async () => {
    const upload = await begin('listed', { ChecksumAlgorithm: 'CRC32' });
    for (const [index, text] of ['a', 'b', 'c'].entries()) await upload.put(index + 1, Buffer.from(text));
    expect(await refusal(aws.s3.getObject({ Bucket, Key: 'listed' }))).toMatchObject({ name: 'NoSuchKey' });
    const { UploadId } = upload;
    const page = await aws.s3.listParts({ Bucket, Key: 'listed', UploadId, MaxParts: 2 });
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', ChecksumType: 'COMPOSITE', StorageClass: 'STANDARD' });
    expect(page.Parts).toMatchObject([
      { PartNumber: 1, Size: 1 },
      { PartNumber: 2, ChecksumCRC32: sum(Buffer.from('b')).toString('base64') },
    ]);
    const rest = await aws.s3.listParts({ Bucket, Key: 'listed', UploadId, PartNumberMarker: '2' });
    expect([rest.Parts?.map(({ PartNumber }) => PartNumber), rest.IsTruncated]).toEqual([[3], false]);
    expect((await aws.s3.listMultipartUploads({ Bucket, Prefix: 'list' })).Uploads).toMatchObject([{ Key: 'listed', UploadId }]);
    await aws.s3.abortMultipartUpload({ Bucket, Key: 'listed', UploadId });
    expect((await aws.s3.listMultipartUploads({ Bucket, Prefix: 'list' })).Uploads).toBeUndefined();
  });
});

describe('parts are refused', () => {
  it('in another order, with another ETag, without their checksums, or too small', async () => {
    const upload = await begin('refused', { ChecksumAlgorithm: 'CRC32' });
    const [one, two] = [await upload.put(1, last), await upload.put(2, last)];
    expect(await refusal(upload.complete(two, one))).toMatchObject({
      name: 'InvalidPartOrder',
      message: 'The list of parts was not in ascending order. Parts must be ordered by part number.',
    });
    expect(await refusal(upload.complete({ ...one, ETag: '"other"' }))).toMatchObject({ name: 'InvalidPart' });
    expect(await refusal(upload.complete({ ...one, ChecksumCRC32: undefined }))).toMatchObject({
      name: 'InvalidRequest',
      message:
        'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
    });
    expect(await refusal(upload.complete(one, two))).toMatchObject({
      name: 'EntityTooSmall',
      message: 'Your proposed upload is smaller than the minimum allowed size',
    });
    expect(await refusal(upload.complete())).toMatchObject({ name: 'MalformedXML' });
    const { Key, UploadId } = upload;
    expect(await refusal(aws.s3.completeMultipartUpload({ Bucket, Key, UploadId }))).toMatchObject({
      name: 'InvalidRequest',
      message: 'You must specify at least one part',
    });
  });

  it('with a number that no part can have, and for an upload or a key that is not', async () => {
    const { UploadId, put } = await begin('numbered');
    expect(await refusal(put(0, last))).toMatchObject({
      name: 'InvalidArgument',
      message: 'Part number must be an integer between 1 and 10000, inclusive',
    });
    const missing = { name: 'NoSuchUpload', message: gone, status: 404 };
    expect(await refusal(aws.s3.abortMultipartUpload({ Bucket, Key: 'numbered', UploadId: 'fakeid' }))).toEqual(missing);
    expect(await refusal(aws.s3.uploadPart({ Bucket, Key: 'another', UploadId, PartNumber: 1, Body: last }))).toEqual(missing);
  });

  it('with another checksum than the one that was agreed on', async () => {
    const { Key, UploadId } = await begin('agreed', { ChecksumAlgorithm: 'SHA256' });
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: last, ChecksumAlgorithm: 'CRC32' } as const;
    expect(await refusal(aws.s3.uploadPart(part))).toMatchObject({
      name: 'InvalidRequest',
      message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32',
    });
  });
});
