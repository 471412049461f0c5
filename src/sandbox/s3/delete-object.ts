import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { invalidArgument } from './errors.ts';
import { checkWriteConditions } from './preconditions.ts';
import { onObject, requestedBucket } from './request.ts';

/** Also when there is no such object. */
export const deleteObject: OperationOf<'s3', 'DeleteObject'> = {
  ...onObject('DeleteObject'),
  handle(input, context) {
    if (input.VersionId !== undefined && input.VersionId !== 'null') {
      throw invalidArgument('Invalid version id specified', 'versionId', input.VersionId);
    }
    checkRetentionBypass(input);
    refuseUnsupportedMembers('s3:DeleteObject', input, ['MFA', 'IfMatchLastModifiedTime', 'IfMatchSize']);
    const bucket = requestedBucket(input, context);
    const key = input.Key ?? '';
    checkWriteConditions(key, bucket.find(key), { IfMatch: input.IfMatch });
    bucket.delete(key);
    return {};
  },
};

/** Buckets have no object lock that could be passed by. @throws {AwsError} InvalidArgument, also for `false` (recorded) */
export function checkRetentionBypass({
  BypassGovernanceRetention: bypass,
}: {
  readonly BypassGovernanceRetention?: boolean | undefined;
}): void {
  if (bypass === undefined) return;
  const header = 'x-amz-bypass-governance-retention';
  throw invalidArgument(`${header} is only applicable to Object Lock enabled buckets.`, header);
}
