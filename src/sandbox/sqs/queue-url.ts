import type { RequestContext } from '../operation.ts';
import { pageOf } from '../page.ts';
import { invalidParameter, invalidValue } from './errors.ts';
import type { Queue } from './queue.ts';

const mostResults = 1000;

interface PageQuery {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/**
 * The URL of a queue. Clients take it for the place to send to, so it has the name by which they reach this sandbox; on AWS, which
 * is reached by one name, every queue has one URL.
 */
export function urlOf({ path }: Queue, { endpoint }: Pick<RequestContext, 'endpoint'>): string {
  return `${endpoint}${path}`;
}

/** The URLs of one page of queues, by name. @throws {AwsError} InvalidParameterValueException, whose texts are unverified */
export function urlPage(
  queues: Iterable<Queue>,
  { MaxResults: limit, NextToken: token }: PageQuery,
  context: Pick<RequestContext, 'endpoint'>,
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
  return { urls: page.items.map((queue) => urlOf(queue, context)), next: limit === undefined ? undefined : page.next };
}
