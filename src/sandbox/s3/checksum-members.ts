import type { ChecksumType } from '@aws-sdk/client-s3';
import { type ChecksumName, checksumNames } from '../checksum.ts';
import type { Checksum } from './content.ts';

/** The members of inputs and outputs that carry checksums. */
const members = {
  crc32: 'ChecksumCRC32',
  crc32c: 'ChecksumCRC32C',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
  sha512: 'ChecksumSHA512',
  md5: 'ChecksumMD5',
} as const satisfies Readonly<Record<ChecksumName, string>>;

type ChecksumMember = (typeof members)[ChecksumName];

/** The checksum that an object came with, which the protocol has verified. */
export function givenChecksum(input: { readonly [Member in ChecksumMember]?: string | undefined }): Checksum | undefined {
  for (const name of checksumNames) {
    const value = input[members[name]];
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/** A checksum as answers carry it. */
export function checksumMembers(given: Checksum): { [Member in ChecksumMember]?: string } & { ChecksumType: ChecksumType } {
  return { [members[given.name]]: given.value, ChecksumType: checksumType(given) };
}

/** Of what the checksum is one. */
export function checksumType({ composite = false }: Pick<Checksum, 'composite'>): ChecksumType {
  return composite ? 'COMPOSITE' : 'FULL_OBJECT';
}
