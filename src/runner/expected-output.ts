import { isDeepStrictEqual } from 'node:util';
import { isMapping, jsonIn, pathText } from '../util/json.ts';
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
/** As an element of a list: the real list may have any number of elements there, also none. */
const more = '<more>';

/**
 * Compares the JSON of an output block with an answer, which `toJson` has made JSON. The expected JSON is a subset:
 *
 * - of an object every key that is expected must be there; others may be;
 * - a list must have the same elements in the same order; where `"<more>"` stands, there may be others;
 * - `"<any>"` matches whatever is there, `null` included; `"arn:aws:<any>:stream/orders"` any text in that place;
 * - everything else must be equal; two texts are when they hold the same JSON, however that is spaced.
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

/** Each run of elements between two gaps has to be found behind the one before it; as early as possible leaves the most room. */
function* listDifferences(expected: readonly unknown[], actual: readonly unknown[], path: Path): Generator<Mismatch> {
  const [first = [], ...others] = runsBetweenGaps(expected);
  const last = others.pop();
  for (const [index, element] of first.entries()) yield* differences(element, actual[index], [...path, index]);
  let at = first.length;
  for (const run of others) {
    while (at + run.length <= actual.length && !isRunAt(run, actual, at)) at += 1;
    if (at + run.length > actual.length) return yield notFound(run, actual, path);
    at += run.length;
  }
  if (last === undefined) {
    for (const [index, element] of actual.entries()) {
      if (index >= at) yield { path: pathText([...path, index]), expected: undefined, actual: element };
    }
  } else if (last.length > 0 && (actual.length - last.length < at || !isRunAt(last, actual, actual.length - last.length))) {
    yield notFound(last, actual, path);
  }
}

/** `[a, more, b, c, more]` as `[[a], [b, c], []]`. */
function runsBetweenGaps(elements: readonly unknown[]): readonly (readonly unknown[])[] {
  const runs: unknown[][] = [[]];
  for (const element of elements) {
    if (element === more) runs.push([]);
    else runs.at(-1)?.push(element);
  }
  return runs;
}

function isRunAt(run: readonly unknown[], actual: readonly unknown[], at: number): boolean {
  return run.every((element, index) => differences(element, actual[at + index], []).next().done === true);
}

function notFound(run: readonly unknown[], actual: readonly unknown[], path: Path): Mismatch {
  return { path: pathText(path), expected: [more, ...run, more], actual };
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (actual === undefined) return false;
  if (expected === anything) return true;
  if (typeof expected !== 'string' || typeof actual !== 'string') return expected === actual;
  return matchesPattern(expected.split(anything), actual) || isSameJson(expected, actual);
}

/** Whether two texts are the same JSON object or list: those that learners put themselves have their spaces elsewhere. */
function isSameJson(expected: string, actual: string): boolean {
  if (!/^\s*[{[]/.test(expected)) return false;
  const json = jsonIn(expected);
  return json !== undefined && isDeepStrictEqual(json, jsonIn(actual));
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
