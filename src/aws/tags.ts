import type { ApiCall } from './api-call.ts';

interface TaggedCreation {
  readonly member: string;
  readonly shape: 'map' | 'pairs';
  /** The member that `member` is in, where the request does not have it itself. */
  readonly within?: string;
}

// How each operation that creates something takes its tags: as a map, or as a list of pairs.
const taggedCreations: Readonly<Record<string, TaggedCreation>> = {
  'kinesis:CreateStream': { member: 'Tags', shape: 'map' },
  'kinesis:RegisterStreamConsumer': { member: 'Tags', shape: 'map' },
  'iam:CreateRole': { member: 'Tags', shape: 'pairs' },
  'iam:CreatePolicy': { member: 'Tags', shape: 'pairs' },
  'lambda:CreateFunction': { member: 'Tags', shape: 'map' },
  'lambda:CreateEventSourceMapping': { member: 'Tags', shape: 'map' },
  'sqs:CreateQueue': { member: 'tags', shape: 'map' },
  'events:PutRule': { member: 'Tags', shape: 'pairs' },
  'logs:CreateLogGroup': { member: 'tags', shape: 'map' },
  's3:CreateBucket': { within: 'CreateBucketConfiguration', member: 'Tags', shape: 'pairs' },
  'firehose:CreateDeliveryStream': { member: 'Tags', shape: 'pairs' },
};

/**
 * The same call with `tags` added, when it is one that creates something; tags that it has already win. Done just before
 * a call is sent, so that neither what is explained nor what is recorded is longer than what a learner types.
 */
export function withTags<Output>(call: ApiCall<Output>, tags: Readonly<Record<string, string>>): ApiCall<Output> {
  const creation = taggedCreations[`${call.service}:${call.operation}`];
  if (creation === undefined || Object.keys(tags).length === 0) return call;
  const { within } = creation;
  if (within === undefined) return { ...call, input: tagged(call.input, creation, tags) };
  const inner = (call.input[within] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...call, input: { ...call.input, [within]: tagged(inner, creation, tags) } };
}

function tagged(members: Readonly<Record<string, unknown>>, { member, shape }: TaggedCreation, tags: Readonly<Record<string, string>>) {
  const own = members[member];
  return { ...members, [member]: shape === 'map' ? merged(own, tags) : paired(own, tags) };
}

function merged(own: unknown, tags: Readonly<Record<string, string>>): Record<string, unknown> {
  return { ...tags, ...(own as Record<string, string> | undefined) };
}

function paired(own: unknown, tags: Readonly<Record<string, string>>): unknown[] {
  const pairs = (own ?? []) as readonly { readonly Key?: string }[];
  const added = Object.entries(tags).filter(([key]) => !pairs.some((pair) => pair.Key === key));
  return [...pairs, ...added.map(([Key, Value]) => ({ Key, Value }))];
}
