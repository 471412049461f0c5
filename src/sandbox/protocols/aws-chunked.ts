import { AwsError } from '../error.ts';
import { inSteps, Turn } from '../turn.ts';

/** A body in the `aws-chunked` encoding, put together again. */
export interface Unchunked {
  readonly data: Buffer;
  /** Headers that came behind the data. Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes a body apart that was sent as `<size in hex>[;extensions]\r\n<data>\r\n … 0\r\n<trailer>:<value>\r\n\r\n` (Amazon S3
 * API reference, "Signature calculations for the authorization header: transferring a payload in multiple chunks").
 * @throws {AwsError} IncompleteBody for what is not of this form
 */
export async function decodeChunked(body: Buffer): Promise<Unchunked> {
  const turn = new Turn();
  // What stands between the chunks is in it as well.
  const data = Buffer.allocUnsafeSlow(body.length);
  let length = 0;
  let place = 0;
  const line = (): string => {
    const end = body.indexOf('\r\n', place);
    if (end < 0) throw incompleteBody();
    const text = body.toString('latin1', place, end);
    place = end + 2;
    return text;
  };
  for (;;) {
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line()) ?? [];
    if (digits === undefined) throw incompleteBody();
    const size = Number.parseInt(digits, 16);
    if (size === 0) break;
    const end = place + size;
    const copy = (part: Uint8Array): void => {
      data.set(part, length);
      length += part.byteLength;
    };
    await inSteps(body.subarray(place, end), copy, turn);
    place = end;
    if (end > body.length || line() !== '') throw incompleteBody();
  }
  return { data: data.subarray(0, length), trailers: readTrailers(body.toString('latin1', place)) };
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const trailer of text.split('\r\n')) {
    const colon = trailer.indexOf(':');
    if (colon > 0) trailers[trailer.slice(0, colon).trim().toLowerCase()] = trailer.slice(colon + 1).trim();
  }
  return trailers;
}

export function incompleteBody(): AwsError {
  return new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
}
