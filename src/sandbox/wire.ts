/** What is known of an HTTP request before its body has come, whichever version of HTTP it came by. */
export interface RequestHead {
  readonly method: string;
  /** As sent, percent-encoding included, without the query string. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case, the pseudo-headers of HTTP/2 among them; `host` is there for HTTP/2 as well. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One HTTP request. */
export interface WireRequest extends RequestHead {
  readonly body: Buffer;
  /** Of the body, in hexadecimal, where it is known already. */
  readonly bodySha256?: string;
  /** The body is larger than is taken from whoever sends it, and is not there. */
  readonly bodyTooLarge?: true;
  /** Calls `listener` when the connection is closed, which is too early if the request has not been answered. */
  readonly onClose?: (listener: () => void) => void;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As a whole, or in pieces that are sent as they come. What is iterated ends early when the client goes. */
  readonly body: WholeBody | AsyncIterable<Uint8Array>;
}

/** It is known how much is sent. */
export type WholeBody = string | Uint8Array | Pieces;

/** A large body that is made piece by piece, as it is sent. */
export interface Pieces extends Iterable<Uint8Array> {
  /** Of all pieces. */
  readonly byteLength: number;
}

export function isWhole(body: WireResponse['body']): body is WholeBody {
  return typeof body === 'string' || !(Symbol.asyncIterator in body);
}

/** Whether nothing of it is still to be made. */
export function isReady(body: WireResponse['body']): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** A body in one piece. */
export function atOnce(body: WholeBody): string | Uint8Array {
  return isReady(body) ? body : Buffer.concat([...body]);
}

/** How many bytes are sent. */
export function bodyLength(body: WholeBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}

/** In place of an answer: the connection is closed without one. */
export const cut = Symbol('cut');

/** An answer of the sandbox itself, which belongs to no service. */
export function plain(status: number, content: Readonly<Record<string, unknown>>): WireResponse {
  const body = JSON.stringify(content);
  return { status, headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }, body };
}
