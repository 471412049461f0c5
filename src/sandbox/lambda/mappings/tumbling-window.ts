import { parseAnswer } from './batch.ts';

/** Bytes of the largest state that a window may have: 1 MB for each shard (mappings recorded on AWS). */
const largestState = 1_048_576;

/** A tumbling window of a shard, in epoch milliseconds, and what the function has made of its records so far. */
export interface TumblingWindow {
  readonly start: number;
  readonly end: number;
  /** JSON. */
  readonly state: string;
}

/**
 * The tumbling windows of one shard for a mapping, one after the other: a window opens with its first record and is
 * closed by the function's last call for it. They outlive the polling, so that a mapping that is changed or disabled in
 * between loses no state.
 */
export class ShardWindows {
  #open: TumblingWindow | undefined;

  get open(): TumblingWindow | undefined {
    return this.#open;
  }

  /** The state is larger than it may be, and the window has to be closed early. */
  get overflows(): boolean {
    return this.#open !== undefined && Buffer.byteLength(this.#open.state) > largestState;
  }

  /** Opens the window that a record belongs to, unless it is open already. @param arrival of the record @param length seconds */
  enter(arrival: number, length: number): void {
    if (this.#open !== undefined && contains(this.#open, arrival)) return;
    const start = windowStart(arrival, length);
    this.#open = { start, end: start + length * 1_000, state: '{}' };
  }

  /** What the function has made of the window now. */
  keep(state: string): void {
    if (this.#open !== undefined) this.#open = { ...this.#open, state };
  }

  close(): void {
    this.#open = undefined;
  }
}

export function contains({ start, end }: TumblingWindow, arrival: number): boolean {
  return start <= arrival && arrival < end;
}

/** The state that a function returned, JSON; undefined when it returned none, which makes its invocation a failure. */
export function returnedState(answer: Uint8Array): string | undefined {
  const parsed = parseAnswer(answer);
  const state = typeof parsed === 'object' && parsed !== null && 'state' in parsed ? parsed.state : undefined;
  // That AWS takes nothing but objects is unverified.
  return typeof state === 'object' && state !== null ? JSON.stringify(state) : undefined;
}

/** Windows follow each other without gaps. That they begin at whole multiples of their length since 1970 is unverified. */
function windowStart(time: number, length: number): number {
  return Math.floor(time / (length * 1_000)) * length * 1_000;
}
