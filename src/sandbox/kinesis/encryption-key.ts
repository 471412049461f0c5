import { AwsError } from '../error.ts';
import type { RequestContext } from '../operation.ts';
import { invalidArgument } from './errors.ts';

/** The key that Kinesis keeps for every account, and the only one that there is here: the sandbox has no KMS. */
const ownKey = 'alias/aws/kinesis';

/**
 * The key of a request about encryption.
 * @throws {AwsError} InvalidArgumentException, KMSNotFoundException; the texts are unverified.
 */
export function requireKey(
  { EncryptionType, KeyId = '' }: { readonly EncryptionType?: string | undefined; readonly KeyId?: string | undefined },
  { account, region }: RequestContext,
): string {
  if (EncryptionType !== 'KMS')
    throw invalidArgument(`EncryptionType ${EncryptionType} is not valid for this operation: it has to be KMS.`);
  const arn = `arn:aws:kms:${region}:${account}:${ownKey}`;
  if (KeyId === ownKey || KeyId === arn) return KeyId;
  const missing = KeyId.startsWith('arn:') ? KeyId : `arn:aws:kms:${region}:${account}:${KeyId.startsWith('alias/') ? '' : 'key/'}${KeyId}`;
  throw new AwsError('KMSNotFoundException', `Key '${missing}' does not exist. This sandbox has ${ownKey} only.`);
}
