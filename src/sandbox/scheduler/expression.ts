import { type CronExpression, parseCron } from '../events/cron.ts';
import type { TimeZone } from './time-zone.ts';

/** When a schedule is to run. */
export interface Occurrences {
  /** The first moment after a time; undefined when there is none any more. Epoch milliseconds. */
  next(after: number): number | undefined;
}

/** Between which times a schedule that recurs does so; epoch milliseconds. */
interface Bounds {
  /** When the schedule was made: what rates count from that have no start. */
  readonly made: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly zone: TimeZone;
}

const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `at(2026-11-24T09:00:00)`, `rate(5 minutes)` or `cron(0 9 ? * MON-FRI *)` (EventBridge Scheduler User Guide,
 * "Schedule types"). What is refused is recorded; that `rate(1 minutes)` is taken is unverified.
 * @returns undefined for what is none of them
 */
export function parseExpression(text: string, bounds: Bounds): Occurrences | undefined {
  const [, kind, value = ''] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case 'at':
      return once(value, bounds.zone);
    case 'rate':
      return recurring(rate(value, bounds.start ?? bounds.made), bounds);
    case 'cron': {
      const cron = parseCron(value);
      return cron && recurring({ next: (after) => nextInZone(cron, after, bounds.zone) }, bounds);
    }
    default:
      return undefined;
  }
}

/** It runs once, whatever its start and its end are. */
function once(text: string, zone: TimeZone): Occurrences | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const wallTime = Date.parse(`${text}Z`);
  if (Number.isNaN(wallTime)) return undefined;
  const time = zone.timeOf(wallTime);
  return { next: (after) => (time !== undefined && time > after ? time : undefined) };
}

/** For the first time at its start, or at once, and then a period apart. */
function rate(text: string, first: number): Occurrences | undefined {
  const [, count = '', unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const period = Number(count) * units[unit as keyof typeof units];
  return { next: (after) => (after < first ? first : first + (Math.floor((after - first) / period) + 1) * period) };
}

function recurring(occurrences: Occurrences | undefined, { start, end }: Bounds): Occurrences | undefined {
  if (occurrences === undefined) return undefined;
  return {
    next(after) {
      const time = occurrences.next(start === undefined ? after : Math.max(after, start - 1));
      return time !== undefined && end !== undefined && time > end ? undefined : time;
    },
  };
}

/** What a clock skips in spring is left out, and what it shows twice in autumn happens the first time. */
function nextInZone(cron: CronExpression, after: number, zone: TimeZone): number | undefined {
  for (let shown = cron.next(zone.wallTime(after)); shown !== undefined; shown = cron.next(shown)) {
    const time = zone.timeOf(shown);
    if (time !== undefined && time > after) return time;
  }
  return undefined;
}
