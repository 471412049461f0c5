import { Turn } from '../turn.ts';

/** Deeper than any input of AWS, and no danger to the stack. */
const deepest = 64;
const endOfItems = Symbol('endOfItems');

/** A value behind a tag, which says what it means. */
export class Tagged {
  readonly tag: number;
  readonly value: unknown;

  constructor(tag: number, value: unknown) {
    this.tag = tag;
    this.value = value;
  }
}

/**
 * Reads one value in CBOR (RFC 8949), a large one in steps. Byte strings become buffers, integers beyond 2^53 the nearest number.
 * @throws {SyntaxError} for anything else, and for what follows the value
 */
export async function readCbor(bytes: Buffer): Promise<unknown> {
  const turn = new Turn();
  const reader = new Reader(bytes);
  const reading = reader.value(0);
  let step = reading.next();
  for (; !step.done; step = reading.next()) if (turn.over) await turn.pass();
  if (step.value === endOfItems || !reader.isAtEnd) throw new SyntaxError('This is no single value.');
  return step.value;
}

/** Reads and then has a value; after each item of a list or a map it can be left alone for a while. */
type Reading<Value = unknown> = Generator<undefined, Value>;

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  *value(depth: number): Reading {
    if (depth > deepest) throw new SyntaxError('This is too deep.');
    const first = this.#bytes[this.#at];
    if (first === undefined) throw tooEarly();
    this.#at += 1;
    const type = first >> 5;
    const info = first & 31;
    if (type === 7) return this.#simple(info);
    const count = info === 31 ? undefined : this.#count(info);
    switch (type) {
      case 2:
        return yield* this.#bytesOf(count, depth);
      case 3:
        return (yield* this.#bytesOf(count, depth)).toString('utf8');
      case 4:
        return yield* this.#items(count, depth);
      case 5:
        return yield* this.#entries(count, depth);
      default:
    }
    if (count === undefined) throw new SyntaxError('This has no end.');
    if (type === 6) return new Tagged(count, yield* this.value(depth + 1));
    return type === 0 ? count : -1 - count;
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw tooEarly();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #count(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw new SyntaxError('This is no length.');
    const length = 2 ** (info - 24);
    return length === 8 ? Number(this.#take(8).readBigUInt64BE()) : this.#take(length).readUIntBE(0, length);
  }

  /** Of a text as well, whose pieces are bytes here. */
  *#bytesOf(count: number | undefined, depth: number): Reading<Buffer> {
    if (count !== undefined) return this.#take(count);
    return Buffer.concat((yield* this.#items(undefined, depth)).map(pieceOf));
  }

  /** As many as are said, or as come before the end is marked. */
  *#items(count: number | undefined, depth: number): Reading<unknown[]> {
    const items: unknown[] = [];
    while (items.length !== count) {
      const item = yield* this.value(depth + 1);
      if (item === endOfItems) {
        if (count === undefined) return items;
        throw tooEarly();
      }
      items.push(item);
      yield;
    }
    return items;
  }

  *#entries(count: number | undefined, depth: number): Reading<Record<string, unknown>> {
    const items = yield* this.#items(count === undefined ? undefined : 2 * count, depth);
    if (items.length % 2 === 1) throw new SyntaxError('This has a name without a value.');
    const names = items.filter((_item, index) => index % 2 === 0);
    return Object.fromEntries(names.map((name, index) => [String(name), items[2 * index + 1]]));
  }

  #simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    if (info === 26) return this.#take(4).readFloatBE();
    if (info === 27) return this.#take(8).readDoubleBE();
    if (info === 31) return endOfItems;
    throw new SyntaxError('This value has no meaning.');
  }
}

function tooEarly(): SyntaxError {
  return new SyntaxError('This ends too early.');
}

function pieceOf(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return piece;
  throw new SyntaxError('This is no piece of a string.');
}
