import type { AwsError } from '../error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { OperationShape } from './schema.ts';

/** A request that was recognised: which operation it asks for, and what the protocol needs again to read its input. */
export interface Route {
  readonly operation: OperationShape;
  /** The labels of the path, decoded; of the REST protocols only. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What is known of a request before its body is read. */
export interface Unread {
  /** Whether it has the whole of a signature, right or wrong. */
  readonly signed: boolean;
  readonly requestId: string;
}

/** One of AWS's wire protocols, from the server's side, for one service. */
export interface Protocol {
  /** The operation that a request asks for, or `undefined` when the service has no such operation. */
  route(request: WireRequest): Route | undefined;
  /** @throws {AwsError} when the body is not what the operation's input shape says. Of a large one that can take its time. */
  readInput(route: Route, request: WireRequest): Record<string, unknown> | Promise<Record<string, unknown>>;
  /** Of a large output that can take its time. */
  writeOutput(
    operation: OperationShape,
    output: Readonly<Record<string, unknown>>,
    requestId: string,
  ): WireResponse | Promise<WireResponse>;
  writeError(error: AwsError, requestId: string): WireResponse;
  /** The protocol in the form in which a request speaks it, where that is another one. */
  spokenBy?(request: WireRequest): Promise<Protocol> | undefined;
  /** What is answered before anybody asks who a request comes from, if anything is. */
  refuse?(request: WireRequest, unread: Unread): Promise<WireResponse | undefined> | undefined;
  /** What is answered when `route` finds nothing. */
  unknownOperation(request: WireRequest): AwsError;
}
