import { viewOf } from '../../util/data-view.ts';
import { pieceBytes } from '../piece.ts';
import type { RecordRun } from './record-log.ts';
import { countUp, sequenceDigits } from './sequence-number.ts';

const opening = '{"SequenceNumber":"';
const beforeTime = '","ApproximateArrivalTimestamp":';
const beforeData = ',"Data":"';
const beforeKey = Buffer.from('","PartitionKey":"');
const tails = { plain: Buffer.from('"}'), encrypted: Buffer.from('","EncryptionType":"KMS"}') } as const;
const fixedHead = opening.length + sequenceDigits + beforeTime.length + beforeData.length;
/** What is written of a record besides its data and its key, at the most, with what ends the list; no number has more than 24 digits. */
export const mostAround = 2 + fixedHead + 24 + beforeKey.length + tails.encrypted.length;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;
/** Beyond so many bytes, Node's own base64 is the faster one. */
const mostByHand = 300;
/** So much data of a record that has no room in a piece is written at a time: its base64 is a piece. */
const largeDataBytes = (pieceBytes / 4) * 3;

/** How the records of a page are told: what is not in the records themselves. */
export interface RecordTelling {
  /** The number of the record at a position, which arrived at a time (epoch milliseconds). */
  readonly sequenceNumberAt: (position: number, arrival: number) => string;
  /** Whether a record that arrived at a time was encrypted. */
  readonly encrypted: (arrival: number) => boolean;
}

/** How long the text of a list of records is, in bytes, and whether there is a key in it that cannot stand in JSON as it is. */
export function measure(runs: readonly RecordRun[], { encrypted }: RecordTelling): { byteLength: number; escapes: boolean } {
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

/** Writes the JSON text of a list of records, as much at a time as there is room for. */
export class PageWriter {
  readonly #runs: readonly RecordRun[];
  readonly #surroundings: Surroundings;
  readonly #escapes: boolean;
  #run = 0;
  #slot: number;
  /** What comes before the next record. */
  #separator = openList;

  /** @param escapes whether there is a key that needs it */
  constructor(runs: readonly RecordRun[], telling: RecordTelling, escapes: boolean) {
    this.#runs = runs;
    this.#surroundings = new Surroundings(telling);
    this.#escapes = escapes;
    this.#slot = runs[0]?.from ?? 0;
  }

  /** Whether all records have been written, and what ends the list. */
  get ended(): boolean {
    return this.#run === this.#runs.length;
  }

  /** Writes the next records. @returns how many bytes; none if the next one has no room */
  fill(text: Buffer): number {
    let at = 0;
    for (let run = this.#runs[this.#run]; run !== undefined; run = this.#runs[this.#run]) {
      at = this.#fillFrom(run, text, at);
      if (this.#slot < run.to) return at;
      this.#moveTo(this.#run + 1);
    }
    text[at++] = closeList;
    return at;
  }

  /** Writes the next record, whatever its size. */
  *large(): Generator<Uint8Array> {
    const run = this.#runs[this.#run];
    if (run === undefined) return;
    const { bytes, keyStart, dataStart, end, arrival } = run.segment.bytesAt(this.#slot);
    const { head, tail } = this.#surroundings.moveTo(run.segment.first + this.#slot, arrival);
    yield Buffer.concat([Buffer.of(this.#separator), head]);
    for (let start = dataStart; start < end; start += largeDataBytes) {
      yield Buffer.from(bytes.toString('base64', start, Math.min(end, start + largeDataBytes)), 'latin1');
    }
    this.#separator = comma;
    this.#slot += 1;
    if (this.#slot === run.to) this.#moveTo(this.#run + 1);
    yield Buffer.concat([beforeKey, escapedKey(bytes, keyStart, dataStart), tail, Buffer.from(this.ended ? ']' : '')]);
  }

  #moveTo(run: number): void {
    this.#run = run;
    this.#slot = this.#runs[run]?.from ?? 0;
  }

  #fillFrom({ segment, to }: RecordRun, text: Buffer, place: number): number {
    const view = viewOf(text);
    let at = place;
    let slot = this.#slot;
    for (; slot < to; slot += 1) {
      const { bytes, keyStart, dataStart, end, arrival } = segment.bytesAt(slot);
      const escaped = this.#escapes && needsEscape(bytes, keyStart, dataStart) ? escapedKey(bytes, keyStart, dataStart) : undefined;
      const keyLength = escaped?.length ?? dataStart - keyStart;
      if (at + mostAround + base64Length(end - dataStart) + keyLength > text.length) break;
      const { head, tail } = this.#surroundings.moveTo(segment.first + slot, arrival);
      text[at] = this.#separator;
      this.#separator = comma;
      text.set(head, at + 1);
      at = writeBase64(bytes, dataStart, end, text, view, at + 1 + head.length);
      at = copy(beforeKey, 0, beforeKey.length, text, at);
      at = escaped === undefined ? copy(bytes, keyStart, dataStart, text, at) : copy(escaped, 0, keyLength, text, at);
      at = copy(tail, 0, tail.length, text, at);
    }
    this.#slot = slot;
    return at;
  }
}

/** What comes before the data of a record and after its key. */
class Surroundings {
  readonly #telling: RecordTelling;
  /** It is kept for the next record, which mostly differs by one in its number. */
  head: Buffer = Buffer.alloc(0);
  #view = viewOf(this.head);
  tail: Buffer = tails.plain;
  #position = -1;
  #arrival = Number.NaN;

  constructor(telling: RecordTelling) {
    this.#telling = telling;
  }

  moveTo(position: number, arrival: number): this {
    if (arrival === this.#arrival && position === this.#position + 1) {
      countUp(this.#view, opening.length + sequenceDigits);
    } else {
      const number = this.#telling.sequenceNumberAt(position, arrival);
      this.head = Buffer.from(`${opening}${number}${beforeTime}${timeText(arrival)}${beforeData}`, 'latin1');
      this.#view = viewOf(this.head);
      this.tail = tailOf(this.#telling.encrypted(arrival));
    }
    this.#position = position;
    this.#arrival = arrival;
    return this;
  }
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
