import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Things that are kept on the disk until they are wanted, so that memory does not grow with their number. The file goes with the process. */
export class Spool<Item> {
  readonly #descriptor: number;
  readonly #places = new Map<number, { readonly offset: number; readonly bytes: number }>();
  #end = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-'));
    this.#descriptor = openSync(join(folder, 'spool'), 'wx+', 0o600);
    // It has no name any more, and is gone when it is closed, however that happens.
    rmSync(folder, { recursive: true });
  }

  /** Keeps what JSON can say of an item, in the place of an earlier one of that number. */
  put(number: number, item: Item): void {
    const bytes = Buffer.from(JSON.stringify(item));
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#end + written);
    this.#places.set(number, { offset: this.#end, bytes: bytes.length });
    this.#end += bytes.length;
  }

  has(number: number): boolean {
    return this.#places.has(number);
  }

  /** All items by their numbers, one after the other. */
  *items(): Generator<Item> {
    for (const [, { offset, bytes }] of [...this.#places].sort(([one], [other]) => one - other)) {
      const buffer = Buffer.alloc(bytes);
      for (let read = 0; read < bytes; ) {
        const more = readSync(this.#descriptor, buffer, read, bytes - read, offset + read);
        if (more === 0) throw new Error('The spool has lost what was written to it.');
        read += more;
      }
      yield JSON.parse(buffer.toString()) as Item;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
