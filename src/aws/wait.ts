import type { Clock } from '../util/clock.ts';

/** A bounded wait for something to become true on AWS. */
interface WaitOptions {
  /** Completes the sentence "waiting for …": `the stream orders to become ACTIVE`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Between two polls; grows by half each time up to four times itself, and without end where waiting takes no time. Default 250. */
  readonly intervalMs?: number;
  /** Whoever waits has looked already, and begins with a pause. */
  readonly looked?: boolean;
  /** Takes half of each pause by chance, so that those who were turned away together do not come back together. */
  readonly spread?: boolean;
}

/**
 * Polls until `poll` answers something else than `undefined`, and returns that.
 * @throws {WaitTimeout} when `timeoutMs` have passed.
 * @throws the signal's reason when the run is interrupted.
 */
export type Wait = <T>(options: WaitOptions, poll: () => Promise<T | undefined>) => Promise<T>;

/** What was waited for did not come about in time. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  readonly what: string;
  readonly waitedMs: number;

  constructor(what: string, waitedMs: number) {
    super(`Waited ${Math.round(waitedMs / 1000)} s for ${what}, in vain.`);
    this.what = what;
    this.waitedMs = waitedMs;
  }
}

/**
 * Makes the one way in which this program waits. `onWaiting` hears of a wait only when the first poll did not end it,
 * `onWaited` when such a wait has ended, well or not.
 */
export function createWait(options: {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onWaiting?: (what: string) => void;
  readonly onWaited?: (what: string, durationMs: number) => void;
}): Wait {
  const { clock, signal, onWaiting, onWaited } = options;
  return async ({ what, timeoutMs, intervalMs = 250, looked = false, spread = false }, poll) => {
    signal?.throwIfAborted();
    const started = clock.now();
    const atOnce = looked ? undefined : await poll();
    if (atOnce !== undefined) return atOnce;
    onWaiting?.(what);
    try {
      let interval = intervalMs;
      for (;;) {
        const left = started + timeoutMs - clock.now();
        if (left <= 0) throw new WaitTimeout(what, clock.now() - started);
        const pause = spread ? Math.round(interval * (0.5 + Math.random() / 2)) : interval;
        await clock.sleep(Math.min(pause, left), signal);
        const answer = await poll();
        if (answer !== undefined) return answer;
        const longer = Math.round(interval * 1.5);
        // Where the clock jumps, polls are all that waiting costs, and nobody notices that the answer comes late.
        interval = clock.jumps ? longer : Math.min(longer, intervalMs * 4);
      }
    } finally {
      onWaited?.(what, clock.now() - started);
    }
  };
}

/** The same wait, which waits in vain for `patienceMs` in all: when they are used up, whatever is waited for is looked for once. */
export function impatient(wait: Wait, patienceMs: number): Wait {
  let left = patienceMs;
  return async (what, poll) => {
    try {
      return await wait({ ...what, timeoutMs: Math.min(what.timeoutMs, left) }, poll);
    } catch (error) {
      if (error instanceof WaitTimeout) left = Math.max(0, left - error.waitedMs);
      throw error;
    }
  };
}
