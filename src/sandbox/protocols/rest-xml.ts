import type { Protocol } from './protocol.ts';
import type { OperationShape } from './schema.ts';

/** REST with XML bodies, as S3 speaks it (aws-behaviour 6.3). */
export function restXml(_options: { readonly operations: ReadonlyMap<string, OperationShape> }): Protocol {
  throw new Error('The S3 protocol is not written yet.');
}
