import { type CalendarDay, daysIn, parseDays } from './cron-day.ts';
import { parseField } from './cron-field.ts';

/** AWS's cron expressions go to the end of this year. */
const lastYear = 2199;
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly firesOn: (day: CalendarDay) => boolean;
}

/** A cron expression in AWS's dialect, which is in UTC. */
export interface CronExpression {
  /** The first moment after a time at which it fires; undefined when there is none any more. Epoch milliseconds. */
  next(after: number): number | undefined;
}

/**
 * Reads the six fields `Minutes Hours Day-of-month Month Day-of-week Year` (EventBridge User Guide, "Cron expressions").
 * Names are in upper case; whether AWS takes others is unverified.
 * @returns undefined for what is not a cron expression.
 */
export function parseCron(text: string): CronExpression | undefined {
  const fields = text.split(' ');
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) return undefined;
  const minutes = parseField(minute, { first: 0, last: 59 });
  const hours = parseField(hour, { first: 0, last: 23 });
  const months = parseField(month, { first: 1, last: 12, names: monthNames });
  const years = parseField(year, { first: 1970, last: lastYear });
  const firesOn = parseDays(dayOfMonth, dayOfWeek);
  if (!minutes || !hours || !months || !years || !firesOn) return undefined;
  return { next: (after) => nextTime({ minutes, hours, months, years, firesOn }, after) };
}

/** Goes from the largest unit to the smallest: what cannot be in a year, a month or a day is not looked for in it. */
function nextTime({ minutes, hours, months, years, firesOn }: CronFields, after: number): number | undefined {
  const from = new Date(Math.floor(after / 60_000) * 60_000 + 60_000);
  const start = { year: from.getUTCFullYear(), month: from.getUTCMonth() + 1, day: from.getUTCDate() };
  for (let year = start.year; year <= lastYear; year += 1) {
    if (!years.has(year)) continue;
    for (let month = year === start.year ? start.month : 1; month <= 12; month += 1) {
      if (!months.has(month)) continue;
      const first = year === start.year && month === start.month ? start.day : 1;
      for (let day = first; day <= daysIn({ year, month }); day += 1) {
        if (!firesOn({ year, month, day })) continue;
        const midnight = Date.UTC(year, month - 1, day);
        const time = timeFrom(hours, minutes, Math.max(0, from.getTime() - midnight) / 60_000);
        if (time !== undefined) return midnight + time * 60_000;
      }
    }
  }
  return undefined;
}

/** The first time of a day at or after `earliest`, in minutes since midnight. */
function timeFrom(hours: ReadonlySet<number>, minutes: ReadonlySet<number>, earliest: number): number | undefined {
  for (let time = earliest; time < 24 * 60; time += 1) {
    if (hours.has(Math.floor(time / 60)) && minutes.has(time % 60)) return time;
  }
  return undefined;
}
