import { createHash } from 'node:crypto';
import { isMapping, type Json } from '../util/json.ts';
import type { ApiCall } from './api-call.ts';

/** What everything that a run creates is tagged with. */
export interface RunTags {
  readonly lab: string;
  readonly run: string;
  /** ISO 8601: when the run began. */
  readonly created: string;
  /** Whose credentials it was made with: 16 hexadecimal digits, as `principalMark` makes them. */
  readonly by?: string;
}

const tagNames = { lab: 'kinesis-labs:lab', run: 'kinesis-labs:run', created: 'kinesis-labs:created', by: 'kinesis-labs:by' } as const;

/** The tags of a run, as they are put on what it creates. */
export function tagsFor({ lab, run, created, by }: RunTags): Readonly<Record<string, string>> {
  return { [tagNames.lab]: lab, [tagNames.run]: run, [tagNames.created]: created, ...(by === undefined ? {} : { [tagNames.by]: by }) };
}

/**
 * What stands in tags for a principal, so that what one has made can be told from what another has. Its ARN often holds a name or
 * an address, and "do not add personally identifiable information" to tags (AWS General Reference, "Tagging AWS resources").
 * @param principal its ARN
 */
export function principalMark(principal: string): string {
  return createHash('sha256').update(principal).digest('hex').slice(0, 16);
}

/**
 * Reads tags, in either of the two forms that AWS has for them: maps, and lists of `Key` and `Value`.
 * @returns those of a run, where all that each has are there and say what this program writes, and how many there are in all.
 */
export function runTagsOf(found: readonly Json[]): { readonly run: RunTags | undefined; readonly count: number } {
  const tags = new Map(found.flatMap(pairsOf));
  const [lab, run, created] = [tagNames.lab, tagNames.run, tagNames.created].map((name) => tags.get(name));
  const ours =
    typeof lab === 'string' &&
    typeof run === 'string' &&
    typeof created === 'string' &&
    // The name of a file is made of it.
    /^[\w-]{1,128}$/.test(run) &&
    !Number.isNaN(Date.parse(created));
  const by = tags.get(tagNames.by);
  const maker = typeof by === 'string' && /^[0-9a-f]{16}$/.test(by) ? { by } : {};
  return { run: ours ? { lab, run, created, ...maker } : undefined, count: tags.size };
}

function pairsOf(found: Json): readonly (readonly [string, Json | undefined])[] {
  if (!isMapping(found)) return [];
  const { Key, Value } = found;
  return typeof Key === 'string' ? [[Key, Value]] : Object.entries(found);
}

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
