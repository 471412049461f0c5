import { type FieldRange, parseField, parseValue } from './cron-field.ts';

const days: FieldRange = { first: 1, last: 31 };
const weekdays: FieldRange = { first: 1, last: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] };

/** A day of the calendar. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** Whether a schedule fires on a day. */
type DayRule = (day: CalendarDay) => boolean;

/**
 * Reads the two fields that say on which days a schedule fires: one of them holds, and the other is `?` (EventBridge User
 * Guide, "Cron expressions").
 * @returns undefined when that is not so, or when the one that holds is wrong.
 */
export function parseDays(dayOfMonth: string, dayOfWeek: string): DayRule | undefined {
  if (dayOfMonth === '?') return parseDayOfWeek(dayOfWeek);
  return dayOfWeek === '?' ? parseDayOfMonth(dayOfMonth) : undefined;
}

/** `*`, `1,15`, `L` (the last day), `15W` (the weekday nearest to the 15th), `LW` (the last weekday). */
function parseDayOfMonth(text: string): DayRule | undefined {
  if (text === 'L') return ({ day, ...month }) => day === daysIn(month);
  if (text === 'LW') return ({ day, ...month }) => day === nearestWeekday(month, daysIn(month));
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near !== undefined) {
    const wanted = parseValue(near, days);
    return wanted === undefined ? undefined : ({ day, ...month }) => wanted <= daysIn(month) && day === nearestWeekday(month, wanted);
  }
  const set = parseField(text, days);
  return set && (({ day }) => set.has(day));
}

/** `*`, `MON-FRI`, `1` (Sunday), `L` (Saturday), `6L` and `FRIL` (the last Friday), `3#2` (the second Tuesday). */
function parseDayOfWeek(text: string): DayRule | undefined {
  if (text === 'L') return (day) => weekdayOf(day) === weekdays.last;
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  if (last !== undefined) {
    const wanted = parseValue(last, weekdays);
    return wanted === undefined ? undefined : (day) => weekdayOf(day) === wanted && day.day > daysIn(day) - 7;
  }
  const [, nth, count] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) {
    const wanted = parseValue(nth, weekdays);
    return wanted === undefined ? undefined : (day) => weekdayOf(day) === wanted && Math.ceil(day.day / 7) === Number(count);
  }
  const set = parseField(text, weekdays);
  return set && ((day) => set.has(weekdayOf(day)));
}

type Month = Pick<CalendarDay, 'year' | 'month'>;

export function daysIn({ year, month }: Month): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 is Sunday. */
function weekdayOf({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

/** The weekday of the month that is nearest to one of its days. */
function nearestWeekday(month: Month, day: number): number {
  const weekday = weekdayOf({ ...month, day });
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === daysIn(month) ? day - 2 : day + 1;
  return day;
}
