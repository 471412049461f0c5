/**
 * A page of a list, in the order of the items' keys. What stands for the place between two pages is the key of the last
 * item shown, so that the list may change in between.
 */
export interface Page<Item> {
  readonly items: Item[];
  /** The token of the next page; absent on the last one. */
  readonly next: string | undefined;
}

export interface PageRequest {
  /** As `next` gave it out. */
  readonly token: string | undefined;
  readonly limit: number;
  readonly descending?: boolean;
}

/**
 * @param keyOf what tells two items apart and orders them
 * @param invalidToken the error for a token that was not given out here
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  request: PageRequest,
  keyOf: (item: Item) => string,
  invalidToken: () => Error,
): Page<Item> {
  const direction = request.descending ? -1 : 1;
  const compare = (one: string, other: string) => (one === other ? 0 : one < other ? -direction : direction);
  const sorted = [...items].sort((one, other) => compare(keyOf(one), keyOf(other)));
  const last = request.token === undefined ? undefined : readToken(request.token, invalidToken);
  const rest = last === undefined ? sorted : sorted.filter((item) => compare(keyOf(item), last) > 0);
  const shown = rest.slice(0, request.limit);
  const end = shown.at(-1);
  return { items: shown, next: end === undefined || shown.length === rest.length ? undefined : makeToken(keyOf(end)) };
}

const mark = 'after:';

function makeToken(key: string): string {
  return Buffer.from(mark + key).toString('base64');
}

function readToken(token: string, invalidToken: () => Error): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith(mark)) throw invalidToken();
  return text.slice(mark.length);
}
