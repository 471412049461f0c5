import { AwsError } from '../error.ts';

interface AclMembers {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/** ACLs are off for buckets since 2023, save for those that say what is so anyway. @throws {AwsError} AccessControlListNotSupported */
export function refuseAcl({ ACL: acl, GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP }: AclMembers): void {
  const granted = [GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP].some((grant) => grant !== undefined);
  if (granted || ![undefined, 'private', 'bucket-owner-full-control'].includes(acl)) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
}
