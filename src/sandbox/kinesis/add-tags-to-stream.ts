import type { OperationOf } from '../operation.ts';
import { eitherStream, tagMap } from './constraints.ts';
import { activeStream, streamResource } from './request.ts';
import { addTags } from './tags.ts';

export const addTagsToStream: OperationOf<'kinesis', 'AddTagsToStream'> = {
  constraints: { Tags: tagMap, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    addTags(activeStream(input, context), input.Tags ?? {}, context.account);
    return {};
  },
};
