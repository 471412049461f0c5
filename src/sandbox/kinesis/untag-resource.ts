import type { OperationOf } from '../operation.ts';
import { resourceArn, streamId, tagKeys } from './constraints.ts';
import { removeTags, taggableResource } from './tags.ts';

export const untagResource: OperationOf<'kinesis', 'UntagResource'> = {
  constraints: { TagKeys: tagKeys, ResourceARN: { required: true, ...resourceArn }, StreamId: streamId },
  resources: (input) => [input.ResourceARN ?? '*'],
  handle(input, context) {
    removeTags(taggableResource(input.ResourceARN, context), input.TagKeys ?? [], context.account);
    return {};
  },
};
