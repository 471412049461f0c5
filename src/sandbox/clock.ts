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

/** Does work that takes a while of the machine's time and none of the clock's: a clock that jumps over idle time waits for it. */
export async function atWork<Result>(clock: SandboxClock, work: () => Promise<Result>): Promise<Result> {
  const done = clock.busy();
  try {
    return await work();
  } finally {
    done();
  }
}

/** A function that runs for seconds would sign with a time that is minutes old, if the sandbox's passed faster. */
export const fastestPace = 100;

const nothing = (): void => undefined;

/**
 * The machine's time or, from now on, time that passes so many times as fast.
 * @param speed 1 for the machine's own
 */
export function paced(speed: number): SandboxClock {
  if (speed === 1) return { ...wallClock, busy: () => nothing, foreground: wallClock };
  const started = wallClock.now();
  const clock: Clock = {
    now: () => Math.round(started + (wallClock.now() - started) * speed),
    sleep: (ms, signal) => wallClock.sleep(ms / speed, signal),
  };
  return {
    ...clock,
    busy: () => nothing,
    foreground: clock,
    get ahead() {
      return clock.now() - wallClock.now();
    },
  };
}
