import { isMapping, pathText } from '../util/json.ts';
import type { Path } from './lab.ts';

/** One difference between what a page shows and what really came back. */
export interface Mismatch {
  /** `StreamDescription.Shards[0].ShardId`; empty for the whole answer. */
  readonly path: string;
  readonly expected: unknown;
  /** `undefined` when there is nothing at that path. */
  readonly actual: unknown;
}

/** Matches any value that is present; inside a longer string, any part of it, also an empty one. */
const anything = '<any>';
/** As the last element of a list: the real list may go on. */
const more = '<more>';

/**
 * Compares the JSON of an output block with an answer, which `toJson` has made JSON. The expected JSON is a subset:
 *
 * - of an object every key that is expected must be there; others may be;
 * - a list must have the same length, unless its last expected element is `"<more>"`;
 * - `"<any>"` matches whatever is there, `null` included; `"arn:aws:<any>:stream/orders"` any text in that place;
 * - everything else must be equal.
 */
export function matchExpected(expected: unknown, actual: unknown): Mismatch[] {
  return [...differences(expected, actual, [])];
}

function* differences(expected: unknown, actual: unknown, path: Path): Generator<Mismatch> {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    yield* listDifferences(expected, actual, path);
  } else if (isMapping(expected) && isMapping(actual)) {
    for (const [key, value] of Object.entries(expected)) {
      yield* differences(value, Object.hasOwn(actual, key) ? actual[key] : undefined, [...path, key]);
    }
  } else if (!isSame(expected, actual)) {
    yield { path: pathText(path), expected, actual };
  }
}

function* listDifferences(expected: readonly unknown[], actual: readonly unknown[], path: Path): Generator<Mismatch> {
  const open = expected.at(-1) === more;
  const elements = open ? expected.slice(0, -1) : expected;
  for (const [index, element] of elements.entries()) yield* differences(element, actual[index], [...path, index]);
  if (open) return;
  for (const [index, element] of actual.entries()) {
    if (index >= elements.length) yield { path: pathText([...path, index]), expected: undefined, actual: element };
  }
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (actual === undefined) return false;
  if (expected === anything) return true;
  if (typeof expected === 'string' && typeof actual === 'string') return matchesPattern(expected.split(anything), actual);
  return expected === actual;
}

/** Whether a text consists of these parts in this order with anything between them. Linear, unlike an expression of `.*`. */
function matchesPattern(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
