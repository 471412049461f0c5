import type { Clock } from '../../src/util/clock.ts';

/** A clock on which sleeping takes no time but moves the clock, so that minutes of waiting can be tested in no time. */
export function swiftClock(start = Date.UTC(2026, 10, 21)): Clock & { readonly slept: readonly number[] } {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
