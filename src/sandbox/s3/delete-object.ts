import type { OperationOf } from '../operation.ts';
import { invalidArgument } from './errors.ts';
import { onObject, requestedBucket } from './request.ts';

/** Also when there is no such object. */
export const deleteObject: OperationOf<'s3', 'DeleteObject'> = {
  ...onObject('DeleteObject'),
  handle(input, context) {
    if (input.VersionId !== undefined && input.VersionId !== 'null') {
      throw invalidArgument('Invalid version id specified', 'versionId', input.VersionId);
    }
    requestedBucket(input, context).delete(input.Key ?? '');
    return {};
  },
};
