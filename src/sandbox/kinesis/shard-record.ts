import type { RecordSegment } from './record-segment.ts';
import type { SequenceNumbers } from './sequence-number.ts';

/** A record as consumers see it. `data` is a view of the shard's storage and must not be written to. */
export interface ShardRecord {
  /** How many records had been put to the shard before it. */
  readonly position: number;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Bytes of key and data. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly arrival: number;
}

/**
 * A record where it lies in a shard's log. What is asked of it is made then: thousands of records are read together, and as many
 * keys, numbers and views of data that wait in memory would keep the garbage collector busy.
 */
export class LoggedRecord implements ShardRecord {
  readonly #segment: RecordSegment;
  readonly #slot: number;
  readonly #numbers: SequenceNumbers;

  /** @param numbers those of its shard; what is read together shares them, as that makes the next one quick to make */
  constructor(segment: RecordSegment, slot: number, numbers: SequenceNumbers) {
    this.#segment = segment;
    this.#slot = slot;
    this.#numbers = numbers;
  }

  get position(): number {
    return this.#segment.first + this.#slot;
  }

  get sequenceNumber(): string {
    return this.#numbers.at(this.position + 1, Math.floor(this.arrival / 1000));
  }

  get partitionKey(): string {
    return this.#segment.keyAt(this.#slot);
  }

  get data(): Uint8Array {
    return this.#segment.dataAt(this.#slot);
  }

  get size(): number {
    return this.#segment.sizeAt(this.#slot);
  }

  get arrival(): number {
    return this.#segment.arrivalAt(this.#slot);
  }
}
