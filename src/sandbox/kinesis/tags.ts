import type { ResourceTags } from '../iam/resource-tags.ts';
import type { RequestContext } from '../operation.ts';
import { requestedConsumer } from './consumer-request.ts';
import { invalidArgument } from './errors.ts';
import { activeStream, requestedStream } from './request.ts';
import { streamByArn } from './streams.ts';

/** A stream, or a consumer of one. */
export interface Tagged {
  readonly name: string;
  readonly tags: Map<string, string>;
}

const mostTags = 50;

/** AWS's own text leaves out the colon, which AWS takes all the same. */
const validCharacters = /^[\p{L}\p{N} _.:/=+\-%@]*$/u;

/** @throws {AwsError} InvalidArgumentException */
function checkTagCharacters(texts: readonly string[]): void {
  if (texts.every((text) => validCharacters.test(text))) return;
  throw invalidArgument('Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.');
}

/** AWS lists the percent sign among the valid characters, and then refuses it all the same, in other words. */
function refusePercent(texts: readonly string[], what: string): void {
  if (!texts.some((text) => text.includes('%'))) return;
  throw invalidArgument(
    `Failed to ${what} because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.`,
  );
}

/** The number in the text is unverified: it was 10 when that was the limit. */
function refuseTooMany(count: number, name: string, account: string): void {
  if (count <= mostTags) return;
  throw invalidArgument(
    `Failed to add tags to stream ${name} under account ${account} because a given stream cannot have more than ${mostTags} tags associated with it.`,
  );
}

/**
 * Looks at the tags that something is to be created with.
 * @throws {AwsError} InvalidArgumentException; that it is the one of AddTagsToStream where there are too many is unverified.
 */
export function checkFirstTags(tags: Readonly<Record<string, string>>, name: string, account: string): void {
  checkTagCharacters(Object.entries(tags).flat());
  refuseTooMany(Object.keys(tags).length, name, account);
}

/**
 * Adds tags to a stream, in the place of those with the same keys.
 * @throws {AwsError} InvalidArgumentException, with nothing added
 */
export function addTags(tagged: Tagged, tags: Readonly<Record<string, string>>, account: string): void {
  const texts = Object.entries(tags).flat();
  checkTagCharacters(texts);
  refusePercent(texts, `add tags to stream ${tagged.name} under account ${account}`);
  refuseTooMany(new Set([...tagged.tags.keys(), ...Object.keys(tags)]).size, tagged.name, account);
  for (const [key, value] of Object.entries(tags)) tagged.tags.set(key, value);
}

/** @throws {AwsError} InvalidArgumentException, with nothing removed */
export function removeTags(tagged: Tagged, keys: readonly string[], account: string): void {
  checkTagCharacters(keys);
  refusePercent(keys, `remove tags from stream ${tagged.name} under account ${account}`);
  for (const key of keys) tagged.tags.delete(key);
}

/** In the order of their keys, as AWS lists them. */
export function sortedTags({ tags }: Tagged): readonly { readonly Key: string; readonly Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value })).sort((one, other) => (one.Key < other.Key ? -1 : 1));
}

/** What conditions can ask for: the tags of streams and of consumers. */
export const tagsOfResource: ResourceTags = (cloud, arn) => {
  const [streamArn = '', consumer] = arn.split('/consumer/');
  const stream = streamByArn(cloud, streamArn);
  return (consumer === undefined ? stream : stream?.consumers.byArn(arn))?.tags;
};

/** The stream or consumer that a request names by its ARN. @throws {AwsError} ResourceNotFoundException */
export function taggedResource(arn: string | undefined, context: RequestContext): Tagged {
  return arn?.includes('/consumer/')
    ? requestedConsumer({ ConsumerARN: arn }, context).consumer
    : requestedStream({ StreamARN: arn }, context);
}

/** The same, where its tags are going to be changed. @throws {AwsError} also ResourceInUseException */
export function taggableResource(arn: string | undefined, context: RequestContext): Tagged {
  return arn?.includes('/consumer/')
    ? requestedConsumer({ ConsumerARN: arn }, context).consumer
    : activeStream({ StreamARN: arn }, context);
}
