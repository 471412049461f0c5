import type { Cloud } from '../cloud.ts';

const mebibyte = 1024 * 1024;

/** Records that are delivered together. */
export interface Batch {
  readonly records: readonly Uint8Array[];
  readonly bytes: number;
  /** When the oldest of them arrived, in epoch milliseconds. */
  readonly since: number;
}

/** How much, or for how long, records are held back. */
interface Hints {
  readonly bufferMiB: number;
  readonly bufferSeconds: number;
}

/** Holds records until there are enough of them or the first one has waited long enough, whichever comes first. */
export class DeliveryBuffer {
  readonly #cloud: Cloud;
  readonly #hints: () => Hints;
  readonly #deliver: (batch: Batch) => void;
  readonly #signal: AbortSignal;
  #records: Uint8Array[] = [];
  #bytes = 0;
  #since = 0;
  #timer: AbortController | undefined;

  /** @param signal ends it: what is held then is lost. */
  constructor(cloud: Cloud, hints: () => Hints, deliver: (batch: Batch) => void, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#hints = hints;
    this.#deliver = deliver;
    this.#signal = signal;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param arrival epoch milliseconds */
  add(record: Uint8Array, arrival: number): void {
    if (this.#records.length === 0) {
      this.#since = arrival;
      this.#startTimer();
    }
    this.#records.push(record);
    this.#bytes += record.byteLength;
    if (this.#bytes >= this.#hints().bufferMiB * mebibyte) this.#flush();
  }

  #flush(): void {
    this.#timer?.abort();
    const batch = { records: this.#records, bytes: this.#bytes, since: this.#since };
    this.#records = [];
    this.#bytes = 0;
    this.#deliver(batch);
  }

  #startTimer(): void {
    const timer = new AbortController();
    const signal = AbortSignal.any([timer.signal, this.#signal]);
    this.#timer = timer;
    this.#cloud.inBackground(async () => {
      try {
        await this.#cloud.clock.sleep(this.#hints().bufferSeconds * 1000, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      this.#flush();
    });
  }
}
