import { createHash } from 'node:crypto';
import type { Owner } from '@aws-sdk/client-s3';

/** S3 has an id of its own for each account: 64 hexadecimal digits. */
export function ownerOf(account: string): Owner {
  return { ID: createHash('sha256').update(`canonical user ${account}`).digest('hex') };
}
