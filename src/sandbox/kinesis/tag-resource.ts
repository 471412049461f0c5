import type { OperationOf } from '../operation.ts';
import { resourceArn, streamId, tagMap } from './constraints.ts';
import { addTags, taggableResource } from './tags.ts';

export const tagResource: OperationOf<'kinesis', 'TagResource'> = {
  constraints: { Tags: tagMap, ResourceARN: { required: true, ...resourceArn }, StreamId: streamId },
  resources: (input) => [input.ResourceARN ?? '*'],
  handle(input, context) {
    addTags(taggableResource(input.ResourceARN, context), input.Tags ?? {}, context.account);
    return {};
  },
};
