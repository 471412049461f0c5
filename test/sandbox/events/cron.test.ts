import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../src/sandbox/events/schedule.ts';

/** A Saturday. */
const start = Date.UTC(2026, 10, 21, 9, 0, 30);

/** The next times of an expression after the start, as `2026-11-21 09:01`. */
function nextTimes(expression: string, count: number): string[] {
  const schedule = parseSchedule(`cron(${expression})`);
  if (schedule === undefined) throw new Error(`${expression} was refused.`);
  const times: string[] = [];
  for (let time = schedule.next(start, start); time !== undefined && times.length < count; time = schedule.next(time, start)) {
    times.push(new Date(time).toISOString().slice(0, 16).replace('T', ' '));
  }
  return times;
}

describe('a cron expression fires', () => {
  it.each([
    ['every minute', '* * * * ? *', ['2026-11-21 09:01', '2026-11-21 09:02']],
    ['every 15 minutes', '0/15 * * * ? *', ['2026-11-21 09:15', '2026-11-21 09:30', '2026-11-21 09:45', '2026-11-21 10:00']],
    ['at steps from the start where it begins with a star', '*/25 * * * ? *', ['2026-11-21 09:25', '2026-11-21 09:50', '2026-11-21 10:00']],
    ['at two minutes of an hour', '5,35 14 * * ? *', ['2026-11-21 14:05', '2026-11-21 14:35', '2026-11-22 14:05']],
    ['in a range with a step', '10-40/20 23 * * ? *', ['2026-11-21 23:10', '2026-11-21 23:30', '2026-11-22 23:10']],
    ['on working days', '0 18 ? * MON-FRI *', ['2026-11-23 18:00', '2026-11-24 18:00']],
    ['on days of the week by number, of which 1 is Sunday', '0 2 ? * 1,7 *', ['2026-11-22 02:00', '2026-11-28 02:00']],
    ['on Saturdays, which are the last of the week', '0 12 ? * L *', ['2026-11-21 12:00', '2026-11-28 12:00']],
    ['on the first of the month', '0 8 1 * ? *', ['2026-12-01 08:00', '2027-01-01 08:00']],
    ['on the last day of the month', '0 0 L * ? *', ['2026-11-30 00:00', '2026-12-31 00:00', '2027-01-31 00:00', '2027-02-28 00:00']],
    ['in leap years only', '0 0 29 FEB ? *', ['2028-02-29 00:00', '2032-02-29 00:00']],
    ['on the last Friday of the month', '15 10 ? * 6L *', ['2026-11-27 10:15', '2026-12-25 10:15', '2027-01-29 10:15']],
    ['on the last Friday by name', '15 10 ? * FRIL *', ['2026-11-27 10:15', '2026-12-25 10:15']],
    ['on the third Saturday of the month', '0 2 ? * SAT#3 *', ['2026-12-19 02:00', '2027-01-16 02:00']],
    ['on the fifth Sunday, which few months have', '0 0 ? * 1#5 *', ['2026-11-29 00:00', '2027-01-31 00:00']],
    [
      'on the weekday nearest to a Sunday: the Monday',
      '0 0 15W * ? *',
      ['2026-12-15 00:00', '2027-01-15 00:00', '2027-02-15 00:00', '2027-03-15 00:00', '2027-04-15 00:00', '2027-05-14 00:00'],
    ],
    ['on the weekday nearest to a Saturday that begins a month, without leaving it', '0 0 1W 5 ? 2027', ['2027-05-03 00:00']],
    ['on the weekday nearest to a Sunday that ends a month, without leaving it', '0 0 31W 1 ? 2027', ['2027-01-29 00:00']],
    ['on the last weekday of the month', '0 0 LW * ? *', ['2026-11-30 00:00', '2026-12-31 00:00', '2027-01-29 00:00']],
    ['in a year to come', '0/30 5 ? JAN MON-FRI 2030', ['2030-01-01 05:00', '2030-01-01 05:30', '2030-01-02 05:00']],
    ['never in years that are over', '15 10 ? * 6L 2002-2005', []],
    ['never on a day that does not exist', '0 0 31 2 ? *', []],
  ])('%s: %s', (_what, expression, expected) => {
    expect(nextTimes(expression, Math.max(1, expected.length))).toEqual(expected);
  });

  it('never twice for the same minute, and not in the one that it is asked about', () => {
    const schedule = parseSchedule('cron(0 9 * * ? *)');
    const nine = Date.UTC(2026, 10, 21, 9);
    expect(schedule?.next(nine - 1, 0)).toBe(nine);
    expect(schedule?.next(nine, 0)).toBe(nine + 86_400_000);
  });
});

describe('what is no cron expression', () => {
  it.each([
    ['days of the month and of the week', '0 1 * * * *'],
    ['days of the month and of the week, one of them a range', '7 20 * * 1-7 *'],
    ['no days at all', '0 8 ? * ? *'],
    ['a day that does not exist', '7 20 ? * NOT *'],
    ['one word', 'INVALID'],
    ['five fields, as crontab has them', '0 12 * * ?'],
    ['seven fields', '0 0 12 * * ? *'],
    ['an hour that is a word', '0 dummy ? * MON-FRI *'],
    ['minute 71', '71 8 1 * ? *'],
    ['hour 24', '0 24 * * ? *'],
    ['day 0', '0 0 0 * ? *'],
    ['month 13', '0 0 1 13 ? *'],
    ['weekday 8', '0 0 ? * 8 *'],
    ['weekday 0, which crontab has', '0 0 ? * 0 *'],
    ['a year before time began', '0 0 1 1 ? 1969'],
    ['a question mark for a minute', '? 0 1 1 ? *'],
    ['commas between fields', '0/5, 9-18, ?, *, MON-FRI, *'],
    ['an empty place in a list', '0,,5 0 1 1 ? *'],
    ['a step of nothing', '0/0 * * * ? *'],
    ['a range that runs backwards', '0 22-2 * * ? *'],
    ['a range of stars', '*-5 * * * ? *'],
    ['two spaces', '0  12 * * ? *'],
    ['the sixth Friday', '0 0 ? * FRI#6 *'],
    ['the weekday nearest to day 32', '0 0 32W * ? *'],
    ['names in lower case', '0 0 ? * mon *'],
    ['nothing', ''],
  ])('%s: %s', (_what, expression) => {
    expect(parseSchedule(`cron(${expression})`)).toBeUndefined();
  });
});
