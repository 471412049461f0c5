import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { onObject, requestedObject } from './request.ts';
import { taggingOf, tagSet, tagsOf } from './tag-set.ts';

const mostTags = 10;

/** Replaces all tags of an object. */
export const putObjectTagging: OperationOf<'s3', 'PutObjectTagging'> = {
  ...onObject('PutObjectTagging'),
  handle(input, context) {
    const stored = requestedObject(input, context);
    stored.tags = limited(tagsOf(taggingOf(input.Tagging), 'Your TagKey cannot be prefixed with aws:'));
    return {};
  },
};

/** @throws {AwsError} BadRequest for more than ten tags; its text is unverified */
export function limited(tags: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (tags.size > mostTags) throw new AwsError('BadRequest', `Object tags cannot be greater than ${mostTags}`);
  return tags;
}

export const getObjectTagging: OperationOf<'s3', 'GetObjectTagging'> = {
  ...onObject('GetObjectTagging'),
  handle: (input, context) => ({ TagSet: tagSet(requestedObject(input, context).tags) }),
};

export const deleteObjectTagging: OperationOf<'s3', 'DeleteObjectTagging'> = {
  ...onObject('DeleteObjectTagging'),
  handle(input, context) {
    requestedObject(input, context).tags = new Map();
    return {};
  },
};
