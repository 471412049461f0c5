/** The clock on the wall of a place. */
export interface TimeZone {
  /** Epoch milliseconds as that clock shows them: what `Date.UTC` makes of its hands. */
  wallTime(time: number): number;
  /** When that clock shows a time, the first one of two; undefined for a time that it skips. */
  timeOf(wallTime: number): number | undefined;
}

/** @param name of the IANA database: `Europe/Berlin`. @returns undefined for what is none */
export function timeZone(name: string): TimeZone | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const wallTime = (time: number) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (time % 1000);
  };
  return {
    wallTime,
    timeOf(wanted) {
      // What the clock is ahead by a day before and a day after: one of the two it is at that time.
      const offsets = [-86_400_000, 86_400_000].map((away) => wallTime(wanted + away) - (wanted + away));
      const times = offsets.map((offset) => wanted - offset).filter((time) => wallTime(time) === wanted);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const number = 'numeric';
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
