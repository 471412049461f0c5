import type { ApiCall } from './api-call.ts';
import { ApiError, absentCodes } from './aws.ts';
import type { CallEvent, Recollecting } from './session.ts';

// Of one account. What is larger is a log or a stream that somebody has filled, and is asked for again.
const mostKept = 1_000_000;
// What an object and a number take, about.
const sizeOfAny = 16;

/** Answers of an account that nobody is expected to change while it is looked at, to be told again instead of asked for again. */
export class Recollection implements Recollecting {
  readonly #isAwaited: () => boolean;
  readonly #events = new Map<string, CallEvent>();
  #room = mostKept;

  /** @param isAwaited whether something is waited for at the moment, which can be seen only by asking again */
  constructor(isAwaited: () => boolean) {
    this.#isAwaited = isAwaited;
  }

  of(call: ApiCall): CallEvent | undefined {
    return this.#isAwaited() ? undefined : this.#events.get(keyOf(call));
  }

  keep(event: CallEvent): void {
    if (event.error !== undefined && !isFinal(event.error)) return;
    const key = keyOf(event.call);
    // What was answered before may not be so any more, even where there is no room for what is.
    this.#events.delete(key);
    const size = key.length + sizeOf(event.answer, this.#room);
    if (size > this.#room) return;
    this.#room -= size;
    this.#events.set(key, event);
  }
}

/** That something is not there, or is not allowed. */
function isFinal(error: Error): boolean {
  return error instanceof ApiError && (absentCodes.includes(error.code) || /^AccessDenied(Exception)?$/.test(error.code));
}

function keyOf({ service, operation, input }: ApiCall): string {
  return JSON.stringify([service, operation, input]);
}

/** About how many bytes an answer takes; it is not looked at further than to `most`. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== 'object' || value === null) return sizeOfAny;
  let size = sizeOfAny;
  for (const member of Object.values(value)) {
    if (size > most) break;
    size += sizeOf(member, most - size);
  }
  return size;
}
