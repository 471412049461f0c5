import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { invalidArgument } from './errors.ts';
import { openToken, sealToken } from './token.ts';

/** Page tokens are good for five minutes (Kinesis API reference). */
const lifetimeMs = 300_000;

/** A NextToken that remembers where a list of `kind` goes on. */
export function issuePageToken(cloud: Cloud, kind: string, after: Readonly<Record<string, string | number>>): string {
  return sealToken(cloud, { kind, after, issuedAt: cloud.clock.now() });
}

/**
 * What `issuePageToken` was given.
 * @throws {AwsError} InvalidArgumentException, ExpiredNextTokenException; their texts are unverified.
 */
export function openPageToken(cloud: Cloud, kind: string, token: string): Readonly<Record<string, string | number>> {
  const content = openToken(cloud, token);
  if (!isPageToken(content) || content.kind !== kind) throw invalidArgument('NextToken is invalid.');
  if (cloud.clock.now() - content.issuedAt > lifetimeMs) throw new AwsError('ExpiredNextTokenException', 'NextToken has expired.');
  return content.after;
}

interface PageToken {
  readonly kind: string;
  readonly after: Readonly<Record<string, string | number>>;
  readonly issuedAt: number;
}

function isPageToken(content: unknown): content is PageToken {
  return typeof content === 'object' && content !== null && 'after' in content;
}
