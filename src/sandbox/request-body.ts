import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { Turn } from './turn.ts';

export type Body =
  /** `sha256`, in hexadecimal, is there for a body that came in pieces. */
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly sha256?: string }
  /** Larger than is taken, or announced to be. What has come of it is dropped. */
  | { readonly kind: 'too-large' }
  /** It was not there in time. */
  | { readonly kind: 'late' }
  /** The connection broke, and there is nobody to answer. */
  | { readonly kind: 'gone' };

/** A body that is not larger is there in a moment. */
const largeBytes = 256 * 1024;

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
    const announced = Number(message.headers['content-length'] ?? 0);
    const gathered = new Gathered(announced);
    const turn = new Turn();
    const timer = setTimeout(() => finish({ kind: 'late' }), limits.withinMs);
    const finish = (body: Body): void => {
      clearTimeout(timer);
      message.off('data', take);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      if (gathered.length + chunk.length > limits.most) {
        finish({ kind: 'too-large' });
        return;
      }
      gathered.add(chunk);
      // What has come already is passed on without a break, megabytes of it.
      if (gathered.length > largeBytes && turn.over) {
        message.pause();
        void turn.pass().then(() => message.resume());
      }
    };
    if (announced > limits.most) return finish({ kind: 'too-large' });
    message.on('data', take);
    message.on('end', () => finish({ kind: 'whole', ...gathered.end() }));
    message.on('error', () => finish({ kind: 'gone' }));
    message.on('close', () => finish({ kind: 'gone' }));
    proceed?.();
  });
}

/**
 * What has come of a body. A large one is put together and hashed piece by piece, while others get their turn: to do it at
 * once when it is all there would make them wait for a tenth of a second.
 */
class Gathered {
  length = 0;
  readonly #announced: number;
  #first: Buffer = Buffer.alloc(0);
  #whole: Buffer | undefined;
  #hash: Hash | undefined;

  constructor(announced: number) {
    this.#announced = announced;
  }

  add(chunk: Buffer): void {
    if (this.length === 0) {
      this.#first = chunk;
    } else {
      this.#hash ??= createHash('sha256').update(this.#first);
      this.#hash.update(chunk);
      this.#room(this.length + chunk.length).set(chunk, this.length);
    }
    this.length += chunk.length;
  }

  end(): { readonly bytes: Buffer; readonly sha256?: string } {
    if (this.#whole === undefined || this.#hash === undefined) return { bytes: this.#first };
    return { bytes: this.#whole.subarray(0, this.length), sha256: this.#hash.digest('hex') };
  }

  /** Over HTTP/2 a body can be longer than it was announced to be, or not announced at all. */
  #room(bytes: number): Buffer {
    if (this.#whole !== undefined && bytes <= this.#whole.length) return this.#whole;
    const larger = Buffer.allocUnsafeSlow(bytes <= this.#announced ? this.#announced : 2 * bytes);
    larger.set(this.#whole ?? this.#first);
    this.#whole = larger;
    return larger;
  }
}
