import type { OperationOf } from '../operation.ts';
import { resourceArn, streamId } from './constraints.ts';
import { sortedTags, taggedResource } from './tags.ts';

export const listTagsForResource: OperationOf<'kinesis', 'ListTagsForResource'> = {
  constraints: { ResourceARN: { required: true, ...resourceArn }, StreamId: streamId },
  resources: (input) => [input.ResourceARN ?? '*'],
  handle(input, context) {
    return { Tags: [...sortedTags(taggedResource(input.ResourceARN, context))] };
  },
};
