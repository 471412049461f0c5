import type { OperationOf } from '../operation.ts';
import { resourceArn } from './constraints.ts';
import { requestedStream } from './request.ts';
import { sortedTags } from './tags.ts';

export const listTagsForResource: OperationOf<'kinesis', 'ListTagsForResource'> = {
  constraints: { ResourceARN: { required: true, ...resourceArn } },
  resources: (input) => [input.ResourceARN ?? '*'],
  handle(input, context) {
    return { Tags: [...sortedTags(requestedStream({ StreamARN: input.ResourceARN }, context))] };
  },
};
