import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** Larger than is taken, or announced to be. What has come of it is dropped. */
  | { readonly kind: 'too-large' }
  /** It was not there in time. */
  | { readonly kind: 'late' }
  /** The connection broke, and there is nobody to answer. */
  | { readonly kind: 'gone' };

/**
 * Reads the body of a request.
 * @param proceed tells a client that asked (`Expect: 100-continue`) to send it
 */
export function readBody(
  message: IncomingMessage | Http2ServerRequest,
  limits: { readonly most: number; readonly withinMs: number },
  proceed: (() => void) | undefined,
): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => finish({ kind: 'late' }), limits.withinMs);
    const finish = (body: Body): void => {
      clearTimeout(timer);
      chunks.length = 0;
      message.off('data', take);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limits.most) finish({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    if (Number(message.headers['content-length'] ?? 0) > limits.most) return finish({ kind: 'too-large' });
    message.on('data', take);
    message.on('end', () => finish({ kind: 'whole', bytes: chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks) }));
    message.on('error', () => finish({ kind: 'gone' }));
    message.on('close', () => finish({ kind: 'gone' }));
    proceed?.();
  });
}
