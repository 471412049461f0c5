import type { Cloud } from './cloud.ts';
import type { WireRequest } from './wire.ts';

/** The work on one request: the sandbox is busy with it from its beginning until `done`, save for pauses. */
export class Work {
  readonly #cloud: Cloud;
  readonly #request: WireRequest;
  #rest: () => void;

  constructor(cloud: Cloud, request: WireRequest) {
    this.#cloud = cloud;
    this.#request = request;
    this.#rest = cloud.clock.busy();
  }

  /** Aborts when the client has gone or the sandbox stops. */
  over(): AbortSignal {
    const { signal } = this.#cloud;
    const over = new AbortController();
    const stopped = () => over.abort(signal.reason);
    signal.addEventListener('abort', stopped);
    this.#request.onClose?.(() => {
      signal.removeEventListener('abort', stopped);
      over.abort(new Error('The client has gone.'));
    });
    return over.signal;
  }

  /** Does not count as work while it waits. The signal aborts when the client has gone or the sandbox stops. */
  async pause<T>(until: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#rest();
    try {
      return await until(this.over());
    } finally {
      this.#rest = this.#cloud.clock.busy();
    }
  }

  done(): void {
    this.#rest();
  }
}
