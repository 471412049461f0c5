import { fitsWildcard, wildcardTokens } from '../../util/wildcard.ts';
import type { AwsError } from '../error.ts';
import { invalidParameter } from './names.ts';

/** Whether an event's text fits a filter pattern. */
export type EventFilter = (message: string) => boolean;

/** The default text is unverified. */
export function invalidPattern(message = 'Invalid filter pattern'): AwsError {
  return invalidParameter(message);
}

/** Whether a text, or a part of it, is what is looked for. */
export type TextTest = (text: string) => boolean;

/** Finds `text` itself, anywhere. */
export function literalTest(text: string): TextTest {
  return (message) => message.includes(text);
}

/** Fits the whole of a text; `*` stands for anything. */
export function wildcardTest(pattern: string): TextTest {
  const tokens = wildcardTokens(pattern, false);
  return (text) => fitsWildcard(tokens, text);
}

/**
 * Finds the expression between two `%`, anywhere. CloudWatch Logs has no groups.
 * @throws {AwsError} InvalidParameterException
 */
export function patternTest(expression: string): TextTest {
  if (/[()]/.test(expression.replace(/\\./g, ''))) throw invalidPattern();
  try {
    const compiled = new RegExp(expression);
    return (text) => compiled.test(text);
  } catch {
    throw invalidPattern();
  }
}
