import { setImmediate } from 'node:timers/promises';

/** For so long others wait until one task has had its turn; milliseconds. */
const longest = 2;

/**
 * The turn of a task that takes long: it works in small steps, and between two of them, when its turn is over, it lets
 * everybody else have theirs. What it looks at may have changed after that.
 *
 *     if (turn.over) await turn.pass();
 */
export class Turn {
  #began = performance.now();

  get over(): boolean {
    return performance.now() - this.#began >= longest;
  }

  async pass(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}

/** What is done at once of work on bytes, with the slowest checksum in a millisecond. */
const stepBytes = 256 * 1024;

/** Passes large data to `take`, step by step. @param turn of the task that this is a part of */
export async function inSteps(data: Uint8Array, take: (part: Uint8Array) => void, turn = new Turn()): Promise<void> {
  for (let at = 0; at < data.byteLength; at += stepBytes) {
    if (turn.over) await turn.pass();
    take(data.subarray(at, at + stepBytes));
  }
}
