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
 * Reads one value in CBOR (RFC 8949). Byte strings become buffers, integers beyond 2^53 the nearest number.
 * @throws {SyntaxError} for anything else, and for what follows the value
 */
export function readCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (value === endOfItems || !reader.isAtEnd) throw new SyntaxError('This is no single value.');
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new SyntaxError('This is too deep.');
    const [first = 0] = this.#take(1);
    const type = first >> 5;
    const info = first & 31;
    if (type === 7) return this.#simple(info);
    const count = info === 31 ? undefined : this.#count(info);
    switch (type) {
      case 2:
        return this.#bytesOf(count, depth);
      case 3:
        return this.#bytesOf(count, depth).toString('utf8');
      case 4:
        return this.#items(count, depth);
      case 5:
        return this.#entries(count, depth);
      default:
    }
    if (count === undefined) throw new SyntaxError('This has no end.');
    if (type === 6) return new Tagged(count, this.value(depth + 1));
    return type === 0 ? count : -1 - count;
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new SyntaxError('This ends too early.');
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
  #bytesOf(count: number | undefined, depth: number): Buffer {
    if (count !== undefined) return this.#take(count);
    return Buffer.concat(this.#items(undefined, depth).map(pieceOf));
  }

  /** As many as are said, or as come before the end is marked. */
  #items(count: number | undefined, depth: number): unknown[] {
    const items: unknown[] = [];
    while (items.length !== count) {
      const item = this.value(depth + 1);
      if (item === endOfItems) {
        if (count === undefined) return items;
        throw new SyntaxError('This ends too early.');
      }
      items.push(item);
    }
    return items;
  }

  #entries(count: number | undefined, depth: number): Record<string, unknown> {
    const items = this.#items(count === undefined ? undefined : 2 * count, depth);
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

function pieceOf(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return piece;
  throw new SyntaxError('This is no piece of a string.');
}
