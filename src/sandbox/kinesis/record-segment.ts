/** Where the parts of a record lie in a piece of memory that must not be written to: the key in UTF-8, and behind it the data. */
export interface RecordBytes {
  readonly bytes: Buffer;
  readonly keyStart: number;
  readonly dataStart: number;
  readonly end: number;
  /** Epoch milliseconds. */
  readonly arrival: number;
}

const highestDelta = 2 ** 32 - 1;

/**
 * A run of records in one piece of memory: the bytes of key and data one after the other, and ten bytes of index for
 * each record. Records are only ever added; a segment is let go as a whole.
 */
export class RecordSegment {
  /** The position of the segment's first record in its shard. */
  readonly first: number;
  count = 0;
  readonly #bytes: Buffer;
  #used = 0;
  /** Epoch milliseconds of the first record; the others are kept as the difference from it. */
  readonly #since: number;
  #starts: Uint32Array;
  #keyLengths: Uint16Array;
  #delays: Uint32Array;

  constructor(first: number, capacity: number, since: number) {
    this.first = first;
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#since = since;
    const slots = Math.max(8, capacity >> 7);
    this.#starts = new Uint32Array(slots);
    this.#keyLengths = new Uint16Array(slots);
    this.#delays = new Uint32Array(slots);
  }

  /** Bytes of keys and data that fit in all. */
  get capacity(): number {
    return this.#bytes.byteLength;
  }

  /** Bytes of memory that the segment takes. */
  get size(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#keyLengths.byteLength + this.#delays.byteLength;
  }

  fits(bytes: number, arrival: number): boolean {
    return this.#used + bytes <= this.#bytes.byteLength && arrival - this.#since <= highestDelta;
  }

  /** Adds a record for which `fits` holds. `keyLength` is the number of bytes of the partition key in UTF-8. */
  append(partitionKey: string, keyLength: number, data: Uint8Array, arrival: number): void {
    if (this.count === this.#starts.length) this.#grow();
    const start = this.#used;
    this.#bytes.write(partitionKey, start, keyLength, 'utf8');
    this.#bytes.set(data, start + keyLength);
    this.#starts[this.count] = start;
    this.#keyLengths[this.count] = keyLength;
    this.#delays[this.count] = arrival - this.#since;
    this.#used = start + keyLength + data.byteLength;
    this.count += 1;
  }

  /** @param slot from 0 to `count - 1`. */
  arrivalAt(slot: number): number {
    return this.#since + (this.#delays[slot] ?? 0);
  }

  /** Bytes of key and data of a record. */
  sizeAt(slot: number): number {
    return this.#end(slot) - (this.#starts[slot] ?? 0);
  }

  keyAt(slot: number): string {
    const { bytes, keyStart, dataStart } = this.bytesAt(slot);
    return bytes.toString('utf8', keyStart, dataStart);
  }

  /** A view of the storage, which must not be written to. */
  dataAt(slot: number): Uint8Array {
    const { bytes, dataStart, end } = this.bytesAt(slot);
    return bytes.subarray(dataStart, end);
  }

  bytesAt(slot: number): RecordBytes {
    const keyStart = this.#starts[slot] ?? 0;
    const dataStart = keyStart + (this.#keyLengths[slot] ?? 0);
    return { bytes: this.#bytes, keyStart, dataStart, end: this.#end(slot), arrival: this.arrivalAt(slot) };
  }

  /** The first slot whose record arrived at `time` or later; `count` when there is none. */
  slotFrom(time: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.arrivalAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #end(slot: number): number {
    return slot + 1 < this.count ? (this.#starts[slot + 1] ?? 0) : this.#used;
  }

  #grow(): void {
    const slots = this.#starts.length * 2;
    this.#starts = grown(this.#starts, new Uint32Array(slots));
    this.#keyLengths = grown(this.#keyLengths, new Uint16Array(slots));
    this.#delays = grown(this.#delays, new Uint32Array(slots));
  }
}

function grown<Numbers extends Uint16Array | Uint32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
