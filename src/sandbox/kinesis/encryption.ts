/** Whether a stream's records are encrypted, now and when each of them was put. The sandbox says so and encrypts nothing: it keeps records in memory only. */
export class Encryption {
  #keyId: string | undefined;
  /** Epoch milliseconds at which encryption began and ended, by turns. */
  readonly #changes: number[] = [];

  get type(): 'KMS' | 'NONE' {
    return this.#keyId === undefined ? 'NONE' : 'KMS';
  }

  /** As the caller named the key. */
  get keyId(): string | undefined {
    return this.#keyId;
  }

  start(keyId: string, now: number): void {
    if (this.#keyId === undefined) this.#changes.push(now);
    this.#keyId = keyId;
  }

  stop(now: number): void {
    if (this.#keyId !== undefined) this.#changes.push(now);
    this.#keyId = undefined;
  }

  /** Whether a record that arrived at `time` (epoch milliseconds) was encrypted. */
  coveredAt(time: number): boolean {
    let covered = false;
    for (const change of this.#changes) {
      if (change > time) break;
      covered = !covered;
    }
    return covered;
  }
}
