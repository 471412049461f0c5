/** For so long others wait until one task has had its turn; milliseconds. */
const longest = 2;

/** The tasks that wait for their next turn; who has waited for longest stands first. */
const waiting: (() => void)[] = [];

/**
 * Waits until it is one's turn. One task has its turn at a time, however many there are: in between, the event loop looks whether
 * anything has come in.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(callNext);
  });
}

function callNext(): void {
  const next = waiting.shift();
  // This one comes after what has come in meanwhile.
  if (waiting.length > 0) setImmediate(callNext);
  next?.();
}

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
    await nextTurn();
    this.#began = performance.now();
  }
}

/** What is done at once of work on bytes, with the slowest checksum in a millisecond on a machine that is busy otherwise. */
const stepBytes = 128 * 1024;

/** Passes large data to `take`, step by step. @param turn of the task that this is a part of */
export async function inSteps(data: Uint8Array, take: (part: Uint8Array) => void, turn = new Turn()): Promise<void> {
  for (let at = 0; at < data.byteLength; at += stepBytes) {
    if (turn.over) await turn.pass();
    take(data.subarray(at, at + stepBytes));
  }
}
