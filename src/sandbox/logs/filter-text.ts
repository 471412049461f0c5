import type { AwsError } from '../error.ts';
import { invalidParameter } from './names.ts';

/** Whether an event's text fits a filter pattern. */
export type EventFilter = (message: string) => boolean;

/** The default text is unverified. */
export function invalidPattern(message = 'Invalid filter pattern'): AwsError {
  return invalidParameter(message);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Finds `text` itself, anywhere. */
export function literalRegExp(text: string): RegExp {
  return new RegExp(escaped(text));
}

/** Fits the whole of a text; `*` stands for anything. */
export function wildcardRegExp(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`);
}

/**
 * The expression between two `%`. CloudWatch Logs has no groups, and so an expression cannot make the search explode.
 * @throws {AwsError} InvalidParameterException
 */
export function patternRegExp(expression: string): RegExp {
  if (/[()]/.test(expression.replace(/\\./g, ''))) throw invalidPattern();
  try {
    return new RegExp(expression);
  } catch {
    throw invalidPattern();
  }
}
