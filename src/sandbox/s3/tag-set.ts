import type { Tag, Tagging } from '@aws-sdk/client-s3';
import { AwsError } from '../error.ts';
import { invalidArgument, malformedXml } from './errors.ts';

/**
 * The tags of a request, which may have none.
 * @throws {AwsError} InvalidTag, MalformedXML
 */
export function tagsOf(tags: readonly Tag[], reserved = 'System tags cannot be added/updated by requester'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (Key === undefined || Value === undefined) throw malformedXml();
    const invalid = (message: string, members = {}) => new AwsError('InvalidTag', message, { members: { TagKey: Key, ...members } });
    if (found.has(Key)) throw invalid('Cannot provide multiple Tags with the same key');
    if (Key.startsWith('aws:')) throw invalid(reserved);
    if (!isTagText(Key) || Key === '' || Key.length > 128) throw invalid('The TagKey you have provided is invalid');
    if (!isTagText(Value) || Value.length > 256) throw invalid('The TagValue you have provided is invalid', { TagValue: Value });
    found.set(Key, Value);
  }
  return found;
}

/** The tags in a body, which has to be there. @throws {AwsError} MalformedXML */
export function taggingOf(tagging: Partial<Tagging> | undefined): readonly Tag[] {
  if (tagging === undefined) throw malformedXml();
  return tagging.TagSet ?? [];
}

export function tagSet(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** The tags in the header `x-amz-tagging`: `lab=04&run=x`. @throws {AwsError} InvalidArgument */
export function tagsOfHeader(header: string): ReadonlyMap<string, string> {
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size < pairs.length || pairs.some((pair) => !pair.every(isTagText))) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  return tagsOf(pairs.map(([Key, Value]) => ({ Key, Value })));
}

function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}
