import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import type { Awaited } from '../step.ts';

export interface LogEvent {
  readonly logStreamName?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly message?: string | undefined;
}

/**
 * The call that finds the log events of a group which contain a text. The text is a phrase of the filter pattern; that a
 * quotation mark in it is written with a backslash is not documented and unverified.
 */
export function filterLogEvents({ group, text }: { readonly group: string; readonly text: string }) {
  const phrase = `"${text.replace(/["\\]/g, '\\$&')}"`;
  return apiCall('logs', 'FilterLogEvents', { logGroupName: group, filterPattern: phrase });
}

/**
 * All events of a log group in the order of their time, or `undefined` when there is no such group. Pages may be empty on the way.
 * @param since epoch milliseconds; what is older is left out
 */
export async function logEvents(aws: Aws, group: string, since?: number): Promise<readonly LogEvent[] | undefined> {
  return orAbsent(
    (async () => {
      const events: LogEvent[] = [];
      const call = apiCall('logs', 'FilterLogEvents', { logGroupName: group, ...(since === undefined ? {} : { startTime: since }) });
      for await (const page of pages(aws, call, { request: 'nextToken', answer: 'nextToken' })) events.push(...(page.events ?? []));
      return events.sort((one, other) => (one.timestamp ?? 0) - (other.timestamp ?? 0));
    })(),
  );
}

/** The events that contain a text. */
export function containing(events: readonly LogEvent[] | undefined, text: string): readonly LogEvent[] {
  return (events ?? []).filter((event) => event.message?.includes(text));
}

/** The wait for a log to show a text so many times. */
export function logShows(awaited: {
  readonly group: string;
  readonly text: string;
  readonly count: number;
  readonly withinMs: readonly number[];
}): Awaited {
  const { group, count, withinMs } = awaited;
  return { what: showsText(group, count), call: filterLogEvents(awaited), query: `length(events) >= \`${count}\``, withinMs };
}

/** Completes the sentence "waiting for …". */
export function showsText(group: string, count: number): string {
  return `the log ${group} to show ${count === 1 ? 'the text' : `the text ${count} times`}`;
}
