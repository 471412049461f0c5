import type { OperationOf } from '../operation.ts';
import { eitherStream, tagKeys } from './constraints.ts';
import { activeStream, streamResource } from './request.ts';
import { removeTags } from './tags.ts';

export const removeTagsFromStream: OperationOf<'kinesis', 'RemoveTagsFromStream'> = {
  constraints: { TagKeys: tagKeys, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    removeTags(activeStream(input, context), input.TagKeys ?? [], context.account);
    return {};
  },
};
