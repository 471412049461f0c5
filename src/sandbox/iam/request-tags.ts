import type { ServiceKeys } from './policy.ts';

/**
 * What conditions can ask about the tags of a request, in whichever way a service writes them: `aws:RequestTag/team` and
 * `aws:TagKeys` (IAM User Guide, "AWS global condition context keys").
 */
export function requestTagKeys(input: Readonly<Record<string, unknown>>): ServiceKeys {
  const given = input['Tags'] ?? input['tags'];
  const removed = input['TagKeys'] ?? input['tagKeys'];
  if (given === undefined && removed === undefined) return {};
  const tags = pairsOf(given);
  const names = [...tags.map(([key]) => key), ...(Array.isArray(removed) ? removed.filter(isText) : [])];
  if (names.length === 0) return {};
  return { ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])), 'aws:TagKeys': names };
}

/** Of a map, or of a list of keys and values. */
function pairsOf(tags: unknown): readonly (readonly [string, string])[] {
  if (typeof tags !== 'object' || tags === null) return [];
  if (!Array.isArray(tags)) return Object.entries(tags).filter((pair): pair is [string, string] => isText(pair[1]));
  return tags.flatMap((tag: unknown) => {
    if (typeof tag !== 'object' || tag === null || !('Key' in tag) || !isText(tag.Key)) return [];
    return [[tag.Key, 'Value' in tag && isText(tag.Value) ? tag.Value : ''] as const];
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
