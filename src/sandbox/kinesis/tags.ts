import { invalidArgument } from './errors.ts';
import type { Stream } from './stream.ts';

const mostTags = 50;

/** AWS's own text leaves out the colon, which AWS takes all the same. */
const validCharacters = /^[\p{L}\p{N} _.:/=+\-%@]*$/u;

/** @throws {AwsError} InvalidArgumentException */
export function checkTagCharacters(texts: readonly string[]): void {
  if (texts.every((text) => validCharacters.test(text))) return;
  throw invalidArgument('Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.');
}

/**
 * Adds tags to a stream, in the place of those with the same keys.
 * @throws {AwsError} InvalidArgumentException, with nothing added
 */
export function addTags(stream: Stream, tags: Readonly<Record<string, string>>): void {
  checkTagCharacters(Object.entries(tags).flat());
  const added = Object.keys(tags).filter((key) => !stream.tags.has(key)).length;
  if (stream.tags.size + added > mostTags) {
    // The number in the text is unverified: it was 10 when that was the limit.
    throw invalidArgument(
      `Failed to add tags to stream ${stream.name} under account ${stream.account} because a given stream cannot have more than ${mostTags} tags associated with it.`,
    );
  }
  for (const [key, value] of Object.entries(tags)) stream.tags.set(key, value);
}

/** @throws {AwsError} InvalidArgumentException, with nothing removed */
export function removeTags(stream: Stream, keys: readonly string[]): void {
  checkTagCharacters(keys);
  for (const key of keys) stream.tags.delete(key);
}

/** In the order of their keys, as AWS lists them. */
export function sortedTags(stream: Stream): readonly { readonly Key: string; readonly Value: string }[] {
  return [...stream.tags].map(([Key, Value]) => ({ Key, Value })).sort((one, other) => (one.Key < other.Key ? -1 : 1));
}
