import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from '../wire.ts';
import type { Route } from './protocol.ts';
import { type OperationShape, requiredMembers } from './schema.ts';

/** What a request is about: the service, a bucket, or an object. */
type Level = 'service' | 'bucket' | 'object';

interface Candidate {
  readonly operation: OperationShape;
  readonly method: string;
  readonly level: Level;
  /** Query parameters that have to be there; with a value, that value. */
  readonly literals: readonly (readonly [name: string, value: string])[];
  /** Query parameters and headers that carry required members. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
}

/**
 * Recognises operations of S3. Many of them share a method and a path and differ in the query parameters and headers that
 * they need (`?tagging`, `x-amz-copy-source`): the operation that needs most of what a request has is meant.
 */
export function restXmlRouter(operations: Iterable<OperationShape>): (request: WireRequest) => Route | undefined {
  const candidates = [...operations].flatMap((operation) => candidateOf(operation) ?? []);
  return (request) => {
    const labels = placeOf(request);
    const level: Level = labels['Key'] !== undefined ? 'object' : labels['Bucket'] !== undefined ? 'bucket' : 'service';
    const query = new URLSearchParams(request.query);
    let best: { readonly operation: OperationShape; readonly needs: number } | undefined;
    for (const candidate of candidates) {
      if (candidate.level !== level || candidate.method !== request.method || !fits(candidate, query, request)) continue;
      const needs = candidate.literals.filter(([name]) => name !== operationId).length + candidate.query.length + candidate.headers.length;
      if (best === undefined || needs > best.needs) best = { operation: candidate.operation, needs };
    }
    return best && { operation: best.operation, labels };
  };
}

/** The JavaScript SDK says in this parameter which operation it means, and the other SDKs do not. */
const operationId = 'x-id';

function candidateOf(operation: OperationShape): Candidate | undefined {
  const [method, template] = operation.http ?? [];
  if (method === undefined || template === undefined) return undefined;
  const [path, query = ''] = template.split('?');
  if (path !== '/' && path !== '/{Key+}') return undefined;
  const required = requiredMembers(operation.input);
  const names = (trait: (member: NormalizedSchema) => string | undefined) => required.flatMap((member) => trait(member) ?? []);
  const hasBucket = required.some((member) => member.getMergedTraits().httpLabel && member.getMemberName() === 'Bucket');
  return {
    operation,
    method,
    level: path === '/{Key+}' ? 'object' : hasBucket ? 'bucket' : 'service',
    literals: [...new URLSearchParams(query)],
    query: names((member) => member.getMergedTraits().httpQuery),
    headers: names((member) => member.getMergedTraits().httpHeader?.toLowerCase()),
  };
}

function fits({ literals, query, headers }: Candidate, sent: URLSearchParams, request: WireRequest): boolean {
  return (
    literals.every(([name, value]) => (name === operationId ? (sent.get(name) ?? value) === value : hasLiteral(sent, name, value))) &&
    query.every((name) => sent.has(name)) &&
    headers.every((name) => request.headers[name] !== undefined)
  );
}

function hasLiteral(sent: URLSearchParams, name: string, value: string): boolean {
  return value === '' ? sent.has(name) : sent.get(name) === value;
}

/** The bucket is the first part of the path or, below `localhost`, of the host name; the rest of the path is the key. */
function placeOf({ path, headers }: WireRequest): Record<string, string> {
  const [, host] = /^(.+)\.localhost(?::\d+)?$/i.exec(headers['host'] ?? '') ?? [];
  const [first = '', ...rest] = path.replace(/^\//, '').split('/');
  const [bucket, key] = host === undefined ? [first, rest.join('/')] : [host, [first, ...rest].join('/')];
  return { ...(bucket === '' ? {} : { Bucket: decoded(bucket) }), ...(key === '' ? {} : { Key: decoded(key) }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
