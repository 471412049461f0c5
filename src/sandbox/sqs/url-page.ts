import { pageOf } from '../page.ts';
import { invalidParameter, invalidValue } from './errors.ts';
import type { Queue } from './queue.ts';

const mostResults = 1000;

interface PageQuery {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** The URLs of one page of queues, by name. @throws {AwsError} InvalidParameterValueException, whose texts are unverified */
export function urlPage(
  queues: Iterable<Queue>,
  { MaxResults: limit, NextToken: token }: PageQuery,
): { readonly urls: string[]; readonly next: string | undefined } {
  if (limit !== undefined && (limit < 1 || limit > mostResults)) {
    throw invalidValue(limit, 'MaxResults', `Must be between 1 and ${mostResults}, if provided.`);
  }
  const page = pageOf(
    queues,
    { token, limit: limit ?? mostResults },
    ({ name }) => name,
    () => invalidParameter('Invalid or expired next token.'),
  );
  return { urls: page.items.map(({ url }) => url), next: limit === undefined ? undefined : page.next };
}
