import type { OperationOf } from '../operation.ts';
import { eitherStream, tagKey } from './constraints.ts';
import { requestedStream, streamResource } from './request.ts';
import { sortedTags } from './tags.ts';

const mostTags = 50;

export const listTagsForStream: OperationOf<'kinesis', 'ListTagsForStream'> = {
  constraints: { Limit: { min: 1, max: mostTags }, ExclusiveStartTagKey: tagKey, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    const after = input.ExclusiveStartTagKey;
    const tags = sortedTags(requestedStream(input, context)).filter(({ Key }) => after === undefined || Key > after);
    const page = tags.slice(0, input.Limit ?? mostTags);
    return { Tags: page, HasMoreTags: page.length < tags.length };
  },
};
