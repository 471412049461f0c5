import { AwsError } from '../error.ts';
import { pageOf } from '../page.ts';

/** What list operations of IAM have in common: at most `MaxItems` (default 100), from behind `Marker` on. */
interface ListRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

interface ListAnswer<Item> {
  readonly items: Item[];
  readonly IsTruncated: boolean;
  /** Only when there is a next page. */
  readonly Marker?: string;
}

/**
 * One page of `items` in the order of their keys.
 * @throws {AwsError} ValidationError for a marker that IAM has not given out (its text is unverified)
 */
export function page<Item>(items: Iterable<Item>, request: ListRequest, keyOf: (item: Item) => string): ListAnswer<Item> {
  const { items: shown, next } = pageOf(items, { token: request.Marker, limit: request.MaxItems ?? 100 }, keyOf, invalidMarker);
  return next === undefined ? { items: shown, IsTruncated: false } : { items: shown, IsTruncated: true, Marker: next };
}

function invalidMarker(): AwsError {
  return new AwsError('ValidationError', 'Invalid Marker.');
}
