import { type Clock, wallClock } from '../util/clock.ts';

/**
 * The sandbox's clock. On top of `Clock` it knows when the sandbox is at work, so that a clock which jumps over idle
 * time never jumps over work.
 */
export interface SandboxClock extends Clock {
  /** Says that work is going on (a request, an invocation) until the returned function is called. */
  busy(): () => void;
  /** The same time for those who wait for the sandbox from outside: their waiting is what lets a clock jump over idle time. */
  readonly foreground: Clock;
  /** How far it is ahead of the machine's clock, in milliseconds. Absent where it is the machine's own time, which functions then see untouched. */
  readonly ahead?: number;
}

/** Wall-clock time. */
export function realClock(): SandboxClock {
  return { ...wallClock, busy: () => () => undefined, foreground: wallClock };
}
