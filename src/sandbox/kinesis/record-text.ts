import type { RecordBytes } from './record-segment.ts';
import { countUp, sequenceDigits } from './sequence-number.ts';

const opening = '{"SequenceNumber":"';
const beforeKey = Buffer.from('","PartitionKey":"');
const quote = 0x22;
const backslash = 0x5c;
/** Beyond so many bytes, Node's own base64 is the faster one. */
const mostByHand = 300;
/** What a record's text takes at the most beside its key and data, if it was not encrypted and no key needs an escape. */
const besides = 156;

/**
 * The JSON text of a list of records as GetRecords answers it, in the order of the API reference. It is written straight from
 * where the records lie: a page has ten thousand of them, and as many objects, strings and large integers would take
 * longer than the client takes to read the page.
 */
export class RecordText {
  readonly #sequenceNumberAt: (position: number, arrival: number) => string;
  readonly #encrypted: (arrival: number) => boolean;
  #text: Buffer;
  #length = 0;
  /** What comes before the data of a record. It is kept for the next one, which mostly differs by one in its number. */
  #head: Buffer = Buffer.alloc(0);
  /** And what comes after its key. */
  #tail: Buffer = Buffer.alloc(0);
  #position = -1;
  #arrival = Number.NaN;

  /**
   * @param expected how many records there will be, and the bytes of all their keys and data
   * @param sequenceNumberAt the number of the record at a position, which arrived at a time (epoch milliseconds)
   * @param encrypted whether a record that arrived at a time was encrypted
   */
  constructor(
    expected: { readonly records: number; readonly bytes: number },
    sequenceNumberAt: (position: number, arrival: number) => string,
    encrypted: (arrival: number) => boolean,
  ) {
    this.#sequenceNumberAt = sequenceNumberAt;
    this.#encrypted = encrypted;
    this.#text = Buffer.allocUnsafeSlow(2 + expected.records * besides + Math.ceil(expected.bytes / 3) * 4);
    this.#text[this.#length++] = 0x5b;
  }

  /** @param position that of the record added before, plus one */
  add(position: number, { bytes, keyStart, dataStart, end, arrival }: RecordBytes): void {
    this.#moveTo(position, arrival);
    const escaped = needsEscape(bytes, keyStart, dataStart) ? escapedKey(bytes, keyStart, dataStart) : undefined;
    const keyLength = escaped?.length ?? dataStart - keyStart;
    const parts = this.#head.length + 4 * Math.ceil((end - dataStart) / 3) + beforeKey.length + keyLength + this.#tail.length;
    // With what stands between records, or after the last one.
    const text = this.#room(parts + 2);
    let at = this.#length;
    if (at > 1) text[at++] = 0x2c;
    text.set(this.#head, at);
    at = writeBase64(bytes, dataStart, end, text, at + this.#head.length);
    at = copy(beforeKey, 0, beforeKey.length, text, at);
    at = escaped === undefined ? copy(bytes, keyStart, dataStart, text, at) : copy(escaped, 0, keyLength, text, at);
    this.#length = copy(this.#tail, 0, this.#tail.length, text, at);
  }

  /** @returns the text of the whole list, in UTF-8 */
  end(): Uint8Array {
    this.#text[this.#length++] = 0x5d;
    return this.#text.subarray(0, this.#length);
  }

  #moveTo(position: number, arrival: number): void {
    if (arrival === this.#arrival && position === this.#position + 1) {
      countUp(this.#head, opening.length + sequenceDigits);
    } else {
      const number = this.#sequenceNumberAt(position, arrival);
      this.#head = Buffer.from(`${opening}${number}","ApproximateArrivalTimestamp":${arrival / 1000},"Data":"`, 'latin1');
      this.#tail = Buffer.from(this.#encrypted(arrival) ? '","EncryptionType":"KMS"}' : '"}');
    }
    this.#position = position;
    this.#arrival = arrival;
  }

  /** The text, with room for so many more bytes. */
  #room(bytes: number): Buffer {
    if (this.#length + bytes > this.#text.length) {
      const larger = Buffer.allocUnsafeSlow(2 * this.#text.length + bytes);
      larger.set(this.#text.subarray(0, this.#length));
      this.#text = larger;
    }
    return this.#text;
  }
}

function needsEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === quote || byte === backslash) return true;
  }
  return false;
}

/** The text between the quotes of a key. */
function escapedKey(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(JSON.stringify(bytes.toString('utf8', start, end)).slice(1, -1));
}

/** For a few bytes, a loop is faster than a call that leaves JavaScript. @returns the place after what was copied */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, place: number): number {
  let at = place;
  for (let read = start; read < end; read += 1) to[at++] = from[read] ?? 0;
  return at;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The two digits of base64 that stand for twelve bits. */
const firstDigits = Uint8Array.from({ length: 4096 }, (_, bits) => alphabet.charCodeAt(bits >> 6));
const secondDigits = Uint8Array.from({ length: 4096 }, (_, bits) => alphabet.charCodeAt(bits & 63));
const padding = 0x3d;

/** Writes the base64 of a part of `from` into `to`. @returns the place after it */
function writeBase64(from: Buffer, start: number, end: number, to: Buffer, place: number): number {
  if (end - start > mostByHand) return place + to.write(from.toString('base64', start, end), place, 'latin1');
  let at = place;
  for (let read = start; read < end; read += 3) {
    const second = read + 1 < end ? (from[read + 1] ?? 0) : 0;
    const third = read + 2 < end ? (from[read + 2] ?? 0) : 0;
    const high = ((from[read] ?? 0) << 4) | (second >> 4);
    const low = ((second & 15) << 8) | third;
    to[at] = firstDigits[high] ?? 0;
    to[at + 1] = secondDigits[high] ?? 0;
    to[at + 2] = firstDigits[low] ?? 0;
    to[at + 3] = secondDigits[low] ?? 0;
    at += 4;
  }
  const missing = (3 - ((end - start) % 3)) % 3;
  for (let pad = at - missing; pad < at; pad += 1) to[pad] = padding;
  return at;
}
