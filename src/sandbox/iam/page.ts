import { AwsError } from '../error.ts';

/** What list operations of IAM have in common: at most `MaxItems` (default 100), from behind `Marker` on. */
interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

interface Page<Item> {
  readonly items: Item[];
  readonly IsTruncated: boolean;
  /** Where the next page begins; only when there is one. */
  readonly Marker?: string;
}

/**
 * One page of `items` in the order of their keys.
 * @param keyOf what tells two items apart; the marker holds that of the last item, so that a list may change between pages
 * @throws {AwsError} ValidationError for a marker that IAM has not given out (its text is unverified)
 */
export function page<Item>(items: Iterable<Item>, request: PageRequest, keyOf: (item: Item) => string): Page<Item> {
  const last = request.Marker === undefined ? undefined : readMarker(request.Marker);
  const sorted = [...items].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const rest = last === undefined ? sorted : sorted.filter((item) => keyOf(item) > last);
  const shown = rest.slice(0, request.MaxItems ?? 100);
  const end = shown.at(-1);
  if (end === undefined || shown.length === rest.length) return { items: shown, IsTruncated: false };
  return { items: shown, IsTruncated: true, Marker: Buffer.from(`key:${keyOf(end)}`).toString('base64') };
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString();
  if (!text.startsWith('key:')) throw new AwsError('ValidationError', 'Invalid Marker.');
  return text.slice('key:'.length);
}
