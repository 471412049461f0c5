import { TimeLimit, withinTime } from './time-limit.ts';

// What an expression finds at all it finds in a few milliseconds.
const mostMs = 1_000;

/**
 * Whether a text fits a regular expression that the author of a lab wrote.
 * @param flags as `RegExp` has them
 * @returns `undefined` when that cannot be found out in a second: an expression such as `(a+)+$` takes for ever on some texts
 * @throws {SyntaxError} when it is no regular expression
 */
export function fits(expression: string, flags: string, text: string): boolean | undefined {
  const compiled = new RegExp(expression, flags);
  try {
    return withinTime(mostMs, () => compiled.test(text));
  } catch (error) {
    if (error instanceof TimeLimit) return undefined;
    throw error;
  }
}
