import { setTimeout as wallSleep } from 'node:timers/promises';

/**
 * Where all time comes from. Nothing outside this file reads `Date.now()` to decide something, so that a test can run
 * the minutes of a lab in milliseconds.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds of this clock.
   * @throws the signal's reason when `signal` aborts first.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Set when sleeping takes no time of the machine's, because the clock jumps. */
  readonly jumps?: boolean;
}

/** The machine's own time. */
export const wallClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wallSleep(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
