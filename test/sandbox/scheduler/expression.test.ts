import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/sandbox/scheduler/expression.ts';
import { timeZone } from '../../../src/sandbox/scheduler/time-zone.ts';

const made = Date.parse('2026-11-24T09:00:30Z');

function moments(text: string, { zone = 'UTC', start, end }: { zone?: string; start?: string; end?: string } = {}, count = 3) {
  const place = timeZone(zone);
  if (place === undefined) throw new Error(`There is no time zone ${zone}.`);
  const time = (given?: string) => (given === undefined ? undefined : Date.parse(given));
  const occurrences = parseExpression(text, { made, start: time(start), end: time(end), zone: place });
  const found: string[] = [];
  for (let next = occurrences?.next(made - 1); next !== undefined && found.length < count; next = occurrences?.next(next)) {
    found.push(new Date(next).toISOString());
  }
  return found;
}

describe('a schedule expression', () => {
  it('with a rate runs at once, and then a period apart', () => {
    expect(moments('rate(5 minutes)')).toEqual(['2026-11-24T09:00:30.000Z', '2026-11-24T09:05:30.000Z', '2026-11-24T09:10:30.000Z']);
  });

  it('with a rate runs from its start to its end', () => {
    const bounds = { start: '2026-11-25T00:00:00Z', end: '2026-11-25T03:30:00Z' };
    expect(moments('rate(2 hours)', bounds)).toEqual(['2026-11-25T00:00:00.000Z', '2026-11-25T02:00:00.000Z']);
  });

  it('runs once at a time', () => {
    expect(moments('at(2026-12-31T23:59:59)')).toEqual(['2026-12-31T23:59:59.000Z']);
    expect(moments('at(2026-12-31T23:59:59)', { zone: 'America/New_York' })).toEqual(['2027-01-01T04:59:59.000Z']);
    expect(moments('at(2022-12-31T23:59:59)')).toEqual([]);
  });

  it('goes by the clock of its time zone, which changes twice a year', () => {
    expect(moments('cron(30 2 28-29 MAR ? 2027)', { zone: 'Europe/Berlin' })).toEqual(['2027-03-29T00:30:00.000Z']);
    expect(moments('cron(30 2 30-31 OCT ? 2027)', { zone: 'Europe/Berlin' })).toEqual([
      '2027-10-30T00:30:00.000Z',
      '2027-10-31T00:30:00.000Z',
    ]);
  });

  it.each([
    'cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)',
    'cron(30-30 13-13 ? * 2,4,6 *)',
    'cron(1-31/30 1-1 ? * 1,7 *)',
    'cron(0 18 ? * MON-FRI *)',
    'cron(*/15 * * * ? *)',
    'cron(0-59/10 0-23/2 ? * * *)',
  ])('%s is one (recorded)', (text) => {
    expect(moments(text, {}, 1)).toHaveLength(1);
  });

  it.each([
    'cron(0 1 * * * *)',
    'cron(7 20 * * NOT *)',
    'cron(INVALID)',
    'cron(71 8 1 * ? *)',
    'cron()',
    'rate(10 seconds)',
    'rate(10 years)',
    'rate()',
    'rate(10)',
    'rate(10 minutess)',
    'rate(-10 minutes)',
    'rate( 10 minutes )',
    ' rate(10 minutes)',
    'at(2021-12-31T23:59:59Z)',
    'at(2021-12-31)',
  ])('%s is none (recorded)', (text) => {
    expect(moments(text)).toEqual([]);
  });
});
