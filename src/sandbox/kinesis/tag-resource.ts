import type { OperationOf } from '../operation.ts';
import { resourceArn, tagMap } from './constraints.ts';
import { activeStream } from './request.ts';
import { addTags } from './tags.ts';

export const tagResource: OperationOf<'kinesis', 'TagResource'> = {
  constraints: { Tags: tagMap, ResourceARN: { required: true, ...resourceArn } },
  resources: (input) => [input.ResourceARN ?? '*'],
  handle(input, context) {
    addTags(activeStream({ StreamARN: input.ResourceARN }, context), input.Tags ?? {});
    return {};
  },
};
