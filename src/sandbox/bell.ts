/** Tells whoever waits that something has happened. It keeps no memory: a ring that nobody waits for is over. */
export class Bell {
  #listeners = new Set<() => void>();

  /** Calls `listener` at every ring until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves at the next ring. Nothing is missed as long as the caller does not await anything between looking and waiting.
   * @throws the signal's reason when `signal` aborts first.
   */
  next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = this.listen(() => {
        stop();
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      const aborted = (): void => {
        stop();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  ring(): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) listener();
  }
}
