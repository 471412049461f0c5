import type { AwsError } from '../error.ts';
import { invalid } from './errors.ts';

/** What one page of a list has at the most, and when the request does not say. */
export const mostListed = 100;

/** The text is unverified. */
export function invalidToken(): AwsError {
  return invalid('Parameter NextToken is not valid.');
}
