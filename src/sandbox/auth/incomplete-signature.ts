import type { RequestHead } from '../wire.ts';

/** What is wrong with a signature that is not the whole of one, as AWS says it (answers recorded from Kinesis). */
export interface Incomplete {
  readonly code: 'MissingAuthenticationTokenException' | 'IncompleteSignatureException' | 'InvalidSignatureException';
  readonly text: string;
}

/** @param head of a request in which no signature could be read. */
export function incompleteSignature({ headers, query }: RequestHead): Incomplete {
  const { authorization } = headers;
  const parameters = new URLSearchParams(query);
  const inQuery = parameters.has('X-Amz-Algorithm');
  if (authorization !== undefined) {
    return inQuery
      ? {
          code: 'InvalidSignatureException',
          text: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        }
      : { code: 'IncompleteSignatureException', text: headerText(authorization, headers) };
  }
  if (!inQuery) return { code: 'MissingAuthenticationTokenException', text: 'Missing Authentication Token' };
  const missing = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
    .filter((name) => !parameters.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  return { code: 'IncompleteSignatureException', text: [...missing, 'Re-examine the query-string parameters.'].join(' ') };
}

function headerText(authorization: string, headers: RequestHead['headers']): string {
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !new RegExp(`(?:^|[\\s,])${name}=[^\\s,]`).test(authorization))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  const undated = headers['x-amz-date'] === undefined && headers['date'] === undefined;
  if (undated) missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  // That AWS says it in this way of a header that has all its parameters, and none that makes sense, is unverified.
  if (missing.length === 0) missing.push('Authorization header has parameters that are not those of Signature Version 4.');
  return `${missing.join(' ')} Authorization=${authorization}`;
}
