import type { DeletedObject, _Error as DeleteError } from '@aws-sdk/client-s3';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { checkRetentionBypass } from './delete-object.ts';
import { malformedXml } from './errors.ts';
import { requestedBucket, whyDenied } from './request.ts';

const mostKeys = 1000;

/** Deletes what it may and lists what it may not. A quiet request is told of the failures only. */
export const deleteObjects: OperationOf<'s3', 'DeleteObjects'> = {
  handle(input, context) {
    const bucket = requestedBucket(input, context);
    checkRetentionBypass(input);
    const objects = input.Delete?.Objects ?? [];
    if (objects.length === 0 || objects.length > mostKeys) throw malformedXml();
    const deleted: DeletedObject[] = [];
    const errors: DeleteError[] = [];
    for (const { Key = '', VersionId, ...conditions } of objects) {
      refuseUnsupportedMembers('s3:DeleteObjects', conditions, ['ETag', 'LastModifiedTime', 'Size']);
      const why = whyDenied('s3:DeleteObject', `${bucket.arn}/${Key}`, context);
      if (why !== undefined) errors.push({ Key, Code: 'AccessDenied', Message: why });
      else if (VersionId !== undefined && VersionId !== 'null') {
        errors.push({ Key, VersionId, Code: 'NoSuchVersion', Message: 'The specified version does not exist.' });
      } else {
        bucket.delete(Key);
        deleted.push({ Key });
      }
    }
    return {
      ...(deleted.length === 0 || input.Delete?.Quiet ? {} : { Deleted: deleted }),
      ...(errors.length === 0 ? {} : { Errors: errors }),
    };
  },
};
