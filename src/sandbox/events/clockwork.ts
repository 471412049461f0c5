import type { Cloud } from '../cloud.ts';

/** The machine's timers count no further than about 25 days. */
const longestSleep = 24 * 3_600_000;

/**
 * Fires at each moment of a schedule until there is none any more, or the signal aborts. Moments that passed while this
 * machine slept are left out.
 * @param next the first moment after a time; epoch milliseconds
 */
export async function atEachMoment(
  { clock }: Cloud,
  next: (after: number) => number | undefined,
  ended: AbortSignal,
  fire: (due: number) => void,
): Promise<void> {
  const begin = clock.now() - 1;
  for (let due = next(begin); due !== undefined; due = next(Math.max(due, clock.now()))) {
    try {
      while (clock.now() < due) await clock.sleep(Math.min(due - clock.now(), longestSleep), ended);
    } catch (error) {
      if (ended.aborted) return;
      throw error;
    }
    fire(due);
  }
}
