import { parseCron } from './cron.ts';

/** When a rule fires. */
export interface Schedule {
  /**
   * @param after the moment after which to look, in epoch milliseconds
   * @param since when the rule was enabled: what rates count from
   * @returns the next moment at which it fires; undefined when there is none any more
   */
  next(after: number, since: number): number | undefined;
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `rate(5 minutes)` or `cron(0 12 * * ? *)` with AWS's exactness: no spaces around, no capitals, the singular for 1
 * and the plural for everything else (EventBridge, as recorded).
 * @returns undefined for what is neither.
 */
export function parseSchedule(expression: string): Schedule | undefined {
  const [, cron] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (cron !== undefined) return parseCron(cron);
  const [, count, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (count === undefined || (plural === 's') === (count === '1')) return undefined;
  return rate(Number(count) * units[unit as keyof typeof units]);
}

/** The first time one period after the rule was enabled, and then exactly a period apart, however long a firing takes. */
function rate(period: number): Schedule {
  return { next: (after, since) => since + (Math.floor((after - since) / period) + 1) * period };
}
