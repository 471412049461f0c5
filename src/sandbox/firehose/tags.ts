import type { Tag } from '@aws-sdk/client-firehose';
import type { ResourceTags } from '../iam/resource-tags.ts';
import type { OperationOf } from '../operation.ts';
import { optionalTagKey, streamName, tags } from './constraints.ts';
import { deliveryStreamsOf } from './delivery-streams.ts';
import { invalidArgument } from './errors.ts';
import { deliveryStreamResource, requestedDeliveryStream } from './request.ts';

/** Tags that a delivery stream can have. */
const mostTags = 50;

/** What conditions can ask for: the tags of delivery streams. */
export const tagsOfDeliveryStream: ResourceTags = (cloud, arn) => {
  const [, , , region = '', account = '', resource = ''] = arn.split(':');
  return deliveryStreamsOf(cloud, { region, account }).find(resource.replace(/^deliverystream\//, ''))?.tags;
};

/** @throws {AwsError} InvalidArgumentException for too many; the text is unverified. */
export function checkedTags(list: readonly Tag[], existing: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const added = new Map(list.map(({ Key = '', Value = '' }) => [Key, Value]));
  if (new Set([...existing.keys(), ...added.keys()]).size > mostTags) {
    throw invalidArgument(`A Firehose stream cannot have more than ${mostTags} tags.`);
  }
  return added;
}

export const tagDeliveryStream: OperationOf<'firehose', 'TagDeliveryStream'> = {
  constraints: { DeliveryStreamName: streamName, Tags: { required: true, ...tags } },
  resources: deliveryStreamResource,
  handle(input, context) {
    const existing = requestedDeliveryStream(input, context).tags;
    for (const [key, value] of checkedTags(input.Tags ?? [], existing)) existing.set(key, value);
    return {};
  },
};

export const untagDeliveryStream: OperationOf<'firehose', 'UntagDeliveryStream'> = {
  constraints: { DeliveryStreamName: streamName, TagKeys: { required: true, minLength: 1, maxLength: 50, each: optionalTagKey } },
  resources: deliveryStreamResource,
  handle(input, context) {
    const existing = requestedDeliveryStream(input, context).tags;
    for (const key of input.TagKeys ?? []) existing.delete(key);
    return {};
  },
};

export const listTagsForDeliveryStream: OperationOf<'firehose', 'ListTagsForDeliveryStream'> = {
  constraints: { DeliveryStreamName: streamName, ExclusiveStartTagKey: optionalTagKey, Limit: { min: 1, max: mostTags } },
  resources: deliveryStreamResource,
  handle(input, context) {
    const { ExclusiveStartTagKey: after, Limit = mostTags } = input;
    const found = [...requestedDeliveryStream(input, context).tags]
      .map(([Key, Value]) => ({ Key, Value }))
      .filter(({ Key }) => after === undefined || Key > after)
      .sort((one, other) => (one.Key < other.Key ? -1 : 1));
    return { Tags: found.slice(0, Limit), HasMoreTags: found.length > Limit };
  },
};
