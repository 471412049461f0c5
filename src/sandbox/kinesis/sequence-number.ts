import { viewOf } from '../../util/data-view.ts';

/**
 * Sequence numbers in AWS's layout of version 2: 47 hexadecimal digits, printed in decimal (read off sequence numbers of AWS).
 *
 *     2 | seconds the shard was created (9) | low digit of the shard's index (1) | record index (16) | 00 | seconds (9) | shard's index (8) | 2
 */
export interface SequenceNumber {
  /** Epoch seconds at which the shard was created. */
  readonly shardCreated: number;
  readonly shardIndex: number;
  /** 0 stands for the start of the shard, `lastRecordIndex` for the end of a closed one. */
  readonly recordIndex: bigint;
  /** Epoch seconds at which the record arrived. */
  readonly seconds: number;
}

export const lastRecordIndex = (1n << 63n) - 1n;

/** The part of a shard's sequence numbers that is the same for all its records. */
export function sequenceBase(shardCreated: number, shardIndex: number): bigint {
  const shard = BigInt(shardIndex);
  return (2n << 184n) | (BigInt(shardCreated) << 148n) | ((shard & 15n) << 144n) | (shard << 4n) | 2n;
}

/** The sequence number of a record, 56 digits in decimal. */
export function sequenceNumberAt(base: bigint, recordIndex: bigint, seconds: number): string {
  return (base | (recordIndex << 80n) | (BigInt(seconds) << 36n)).toString();
}

/** How many decimal digits a sequence number has. */
export const sequenceDigits = 56;
/** By how much the number of the next record is larger, if it arrived in the same second. */
const difference = String(1n << 80n);
/** Digits that are added at once: those of 32 bits, in ASCII. */
const groupDigits = 4;
const beyondGroup = 2 ** 32;
/** Where the groups begin that are always added to. */
const changingFrom = sequenceDigits - groupDigits * Math.ceil(difference.length / groupDigits);
/**
 * The digits of the difference, each with 0xc6 added: the sum with a digit in ASCII then leaves its byte, and so counts one in the
 * next, just if it is ten or more.
 */
const step = viewOf(Buffer.from(difference.padStart(sequenceDigits, '0'), 'latin1').map((digit) => digit - 0x30 + 0xc6));

/**
 * Makes a sequence number that of the next record of the same second: with digits this takes a small part of the time that it
 * takes with large integers.
 * @param text ASCII, in which the number ends before `end`
 */
export function countUp(text: DataView, end: number): void {
  const start = end - sequenceDigits;
  let carry = 0;
  for (let at = sequenceDigits - groupDigits; at >= changingFrom || carry > 0; at -= groupDigits) {
    const sum = text.getUint32(start + at) + step.getUint32(at) + carry;
    carry = sum >= beyondGroup ? 1 : 0;
    // A byte that was not left has its highest bit set, and six too much in its digit.
    const stayed = (sum >>> 7) & 0x01010101;
    text.setUint32(start + at, (sum & 0x0f0f0f0f) - 6 * stayed + 0x30303030);
  }
}

/** The sequence numbers of records that follow each other, as they are given out. */
export class SequenceNumbers {
  readonly #base: bigint;
  #recordIndex = -1;
  #seconds = Number.NaN;
  #digits: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#digits);

  constructor(base: bigint) {
    this.#base = base;
  }

  /** As `sequenceNumberAt`; quick for the record after the one that was asked for before. */
  at(recordIndex: number, seconds: number): string {
    if (recordIndex === this.#recordIndex + 1 && seconds === this.#seconds) countUp(this.#view, sequenceDigits);
    else this.#begin(recordIndex, seconds);
    this.#recordIndex = recordIndex;
    this.#seconds = seconds;
    return this.#digits.toString('latin1');
  }

  #begin(recordIndex: number, seconds: number): void {
    this.#digits = Buffer.from(sequenceNumberAt(this.#base, BigInt(recordIndex), seconds), 'latin1');
    this.#view = viewOf(this.#digits);
  }
}

/** @returns undefined for what is no sequence number of this layout. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  if (!/^[1-9]\d{55}$/.test(text)) return undefined;
  const value = BigInt(text);
  const field = (shift: bigint, bits: bigint): bigint => (value >> shift) & ((1n << bits) - 1n);
  const shardIndex = field(4n, 32n);
  const recordIndex = field(80n, 64n);
  const wellFormed =
    value >> 184n === 2n &&
    // A number of version 1 is taken as well (recorded from Kinesis).
    [1n, 2n].includes(field(0n, 4n)) &&
    field(72n, 8n) === 0n &&
    field(144n, 4n) === (shardIndex & 15n) &&
    recordIndex <= lastRecordIndex;
  if (!wellFormed) return undefined;
  return { shardCreated: Number(field(148n, 36n)), shardIndex: Number(shardIndex), recordIndex, seconds: Number(field(36n, 36n)) };
}
