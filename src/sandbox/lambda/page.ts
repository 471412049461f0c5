import { invalidParameter } from './error.ts';

/**
 * One page of a list that is sorted by key. The marker holds the key of the last item, so that what is deleted between two
 * pages neither repeats nor hides anything.
 * @throws {AwsError} for a marker that no page ended with.
 */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  options: { readonly marker: string | undefined; readonly size: number },
): { readonly items: readonly Item[]; readonly marker: string | undefined } {
  const after = options.marker === undefined ? undefined : readMarker(options.marker);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, options.size);
  const last = shown.at(-1);
  const more = rest.length > shown.length && last !== undefined;
  return { items: shown, marker: more ? Buffer.from(`after:${keyOf(last)}`).toString('base64') : undefined };
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString('utf8');
  // The text is unverified.
  if (!text.startsWith('after:')) throw invalidParameter('Invalid Marker');
  return text.slice('after:'.length);
}
