import type { _Record as RecordDescription } from '@aws-sdk/client-kinesis';
import type { ListText } from '../protocols/ready-json.ts';
import type { RecordRun } from './record-log.ts';
import type { RecordBytes } from './record-segment.ts';
import { countUp, sequenceDigits } from './sequence-number.ts';

const opening = '{"SequenceNumber":"';
const beforeTime = '","ApproximateArrivalTimestamp":';
const beforeData = ',"Data":"';
const beforeKey = Buffer.from('","PartitionKey":"');
const tails = { plain: Buffer.from('"}'), encrypted: Buffer.from('","EncryptionType":"KMS"}') } as const;
const fixedHead = opening.length + sequenceDigits + beforeTime.length + beforeData.length;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
/** Beyond so many bytes, Node's own base64 is the faster one. */
const mostByHand = 300;
/** So much is written at a time, in about a millisecond. */
const pieceBytes = 256 * 1024;
/** The data whose base64 is a piece. */
const dataBytes = (pieceBytes / 4) * 3;

/**
 * The JSON text of a list of records as GetRecords answers it, in the order of the API reference. It is written straight from
 * where the records lie: a page has ten thousand of them, and as many objects, strings and large integers would take
 * longer than the client takes to read the page. It is written in pieces, when they are asked for: a page has up to ten
 * megabytes, and to write it at once would make all others wait, the client's own next page included.
 */
export class RecordText implements ListText {
  /** In UTF-8. */
  readonly byteLength: number;
  readonly #runs: readonly RecordRun[];
  readonly #sequenceNumberAt: (position: number, arrival: number) => string;
  readonly #encrypted: (arrival: number) => boolean;
  readonly #escapes: boolean;

  /**
   * @param sequenceNumberAt the number of the record at a position, which arrived at a time (epoch milliseconds)
   * @param encrypted whether a record that arrived at a time was encrypted
   */
  constructor(
    runs: readonly RecordRun[],
    sequenceNumberAt: (position: number, arrival: number) => string,
    encrypted: (arrival: number) => boolean,
  ) {
    this.#runs = runs;
    this.#sequenceNumberAt = sequenceNumberAt;
    this.#encrypted = encrypted;
    const { byteLength, escapes } = measure(runs, encrypted);
    this.byteLength = byteLength;
    this.#escapes = escapes;
  }

  /** How many records there are. */
  get count(): number {
    return this.#runs.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** `EncryptionType` is there only when a record was put to an encrypted stream. */
  *elements(): Generator<RecordDescription> {
    for (const { segment, from, to } of this.#runs) {
      for (let slot = from; slot < to; slot += 1) {
        const arrival = segment.arrivalAt(slot);
        yield {
          SequenceNumber: this.#sequenceNumberAt(segment.first + slot, arrival),
          ApproximateArrivalTimestamp: new Date(arrival),
          Data: segment.dataAt(slot),
          PartitionKey: segment.keyAt(slot),
          ...(this.#encrypted(arrival) && { EncryptionType: 'KMS' as const }),
        };
      }
    }
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    const surroundings = new Surroundings(this.#sequenceNumberAt, this.#encrypted);
    let left = this.byteLength;
    let text = Buffer.allocUnsafeSlow(Math.min(left, pieceBytes));
    let view = viewOf(text);
    let at = 0;
    text[at++] = 0x5b;
    let first = true;
    for (const { segment, from, to } of this.#runs) {
      for (let slot = from; slot < to; slot += 1) {
        const record = segment.bytesAt(slot);
        const { bytes, keyStart, dataStart, end } = record;
        const { head, tail } = surroundings.moveTo(segment.first + slot, record.arrival);
        const escaped = this.#escapes && needsEscape(bytes, keyStart, dataStart) ? escapedKey(bytes, keyStart, dataStart) : undefined;
        const keyLength = escaped?.length ?? dataStart - keyStart;
        const isLarge = end - dataStart > dataBytes;
        const dataLength = isLarge ? 0 : base64Length(end - dataStart);
        // With the comma before it, and what ends the list.
        const needed = (first ? 1 : 2) + head.length + dataLength + beforeKey.length + keyLength + tail.length;
        if (at + needed > text.length) {
          yield text.subarray(0, at);
          left -= at;
          text = Buffer.allocUnsafeSlow(Math.min(left, Math.max(pieceBytes, needed)));
          view = viewOf(text);
          at = 0;
        }
        if (!first) text[at++] = comma;
        first = false;
        text.set(head, at);
        at += head.length;
        if (isLarge) {
          yield text.subarray(0, at);
          left -= at + base64Length(end - dataStart);
          yield* largeData(record);
          text = Buffer.allocUnsafeSlow(Math.min(left, Math.max(pieceBytes, needed)));
          view = viewOf(text);
          at = 0;
        } else {
          at = writeBase64(bytes, dataStart, end, text, view, at);
        }
        at = copy(beforeKey, 0, beforeKey.length, text, at);
        at = escaped === undefined ? copy(bytes, keyStart, dataStart, text, at) : copy(escaped, 0, keyLength, text, at);
        at = copy(tail, 0, tail.length, text, at);
      }
    }
    text[at++] = 0x5d;
    yield text.subarray(0, at);
  }
}

/** What comes before the data of a record and after its key. */
class Surroundings {
  readonly #sequenceNumberAt: (position: number, arrival: number) => string;
  readonly #encrypted: (arrival: number) => boolean;
  /** It is kept for the next record, which mostly differs by one in its number. */
  head: Buffer = Buffer.alloc(0);
  tail: Buffer = tails.plain;
  #position = -1;
  #arrival = Number.NaN;

  constructor(sequenceNumberAt: (position: number, arrival: number) => string, encrypted: (arrival: number) => boolean) {
    this.#sequenceNumberAt = sequenceNumberAt;
    this.#encrypted = encrypted;
  }

  moveTo(position: number, arrival: number): this {
    if (arrival === this.#arrival && position === this.#position + 1) {
      countUp(this.head, opening.length + sequenceDigits);
    } else {
      const number = this.#sequenceNumberAt(position, arrival);
      this.head = Buffer.from(`${opening}${number}${beforeTime}${timeText(arrival)}${beforeData}`, 'latin1');
      this.tail = tailOf(this.#encrypted(arrival));
    }
    this.#position = position;
    this.#arrival = arrival;
    return this;
  }
}

/** How long the text of a list of records is, and whether there is a key in it that cannot stand in JSON as it is. */
function measure(runs: readonly RecordRun[], encrypted: (arrival: number) => boolean): { byteLength: number; escapes: boolean } {
  let byteLength = 1;
  let escapes = false;
  let time = Number.NaN;
  let around = 0;
  for (const { segment, from, to } of runs) {
    for (let slot = from; slot < to; slot += 1) {
      const { bytes, keyStart, dataStart, end, arrival } = segment.bytesAt(slot);
      if (arrival !== time) {
        time = arrival;
        // With what stands between records, or after the last one.
        around = fixedHead + timeText(arrival).length + beforeKey.length + tailOf(encrypted(arrival)).length + 1;
      }
      byteLength += around + base64Length(end - dataStart);
      if (needsEscape(bytes, keyStart, dataStart)) {
        escapes = true;
        byteLength += escapedKey(bytes, keyStart, dataStart).length;
      } else {
        byteLength += dataStart - keyStart;
      }
    }
  }
  return { byteLength: Math.max(2, byteLength), escapes };
}

/** Epoch seconds, milliseconds as a fraction. */
export function timeText(arrival: number): string {
  return String(arrival / 1000);
}

function tailOf(encrypted: boolean): Buffer {
  return encrypted ? tails.encrypted : tails.plain;
}

/** How many digits so many bytes have. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function* largeData({ bytes, dataStart, end }: RecordBytes): Generator<Uint8Array> {
  for (let start = dataStart; start < end; start += dataBytes) {
    yield Buffer.from(bytes.toString('base64', start, Math.min(end, start + dataBytes)), 'latin1');
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

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The two digits of base64 that stand for twelve bits, the first one in the low byte. */
const digits = Uint16Array.from({ length: 4096 }, (_, bits) => alphabet.charCodeAt(bits >> 6) | (alphabet.charCodeAt(bits & 63) << 8));
const padding = 0x3d;

/**
 * Writes the base64 of a part of `from` into `to`, four digits at a time.
 * @param view of `to`
 * @returns the place after it
 */
function writeBase64(from: Buffer, start: number, end: number, to: Buffer, view: DataView, place: number): number {
  if (end - start > mostByHand) return place + to.write(from.toString('base64', start, end), place, 'latin1');
  let at = place;
  const missing = (3 - ((end - start) % 3)) % 3;
  for (let read = start; read < end; read += 3) {
    const second = read + 1 < end ? (from[read + 1] ?? 0) : 0;
    const third = read + 2 < end ? (from[read + 2] ?? 0) : 0;
    const high = digits[((from[read] ?? 0) << 4) | (second >> 4)] ?? 0;
    const low = digits[((second & 15) << 8) | third] ?? 0;
    view.setUint32(at, high | (low << 16), true);
    at += 4;
  }
  for (let pad = at - missing; pad < at; pad += 1) to[pad] = padding;
  return at;
}
