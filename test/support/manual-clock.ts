import type { SandboxClock } from '../../src/sandbox/clock.ts';

interface Sleeper {
  readonly wakeAt: number;
  wake(): void;
}

/** A clock that moves only when a test moves it. */
export interface ManualClock extends SandboxClock {
  /** Lets `ms` pass. Whoever wakes up on the way sees the time that it asked for, and may go to sleep again. */
  advance(ms: number): Promise<void>;
}

export function manualClock(start = Date.UTC(2026, 10, 24, 9)): ManualClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const clock: ManualClock = {
    now: () => now,
    busy: () => () => undefined,
    get foreground() {
      return clock;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = {
          wakeAt: now + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', aborted);
            resolve();
          },
        };
        const aborted = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', aborted, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...sleepers].filter((sleeper) => sleeper.wakeAt <= end).sort((one, other) => one.wakeAt - other.wakeAt)[0];
        if (due === undefined) break;
        now = due.wakeAt;
        due.wake();
        await new Promise(setImmediate);
      }
      now = end;
      await new Promise(setImmediate);
    },
  };
  return clock;
}
