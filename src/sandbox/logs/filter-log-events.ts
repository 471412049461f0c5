import { TimeLimit, withinTime } from '../../util/time-limit.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { eventLimit, groupIdentifier, optionalGroupName, optionalStreamName, time, token } from './constraints.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { invalidPattern } from './filter-text.ts';
import { groupNameOf, groupOf, invalidParameter, invalidToken, logResource } from './names.ts';
import { before, beginning, eventId, positionOf } from './position.ts';
import { type LogGroup, logStore } from './store.ts';
import { compareEvents, eventSize, type LogEvent, type LogPosition, type LogStream, maxPageBytes, maxPageEvents } from './stream.ts';

/** Reading the newest events first is supported for requests that begin in 2024 or later (FilterLogEvents API reference). */
const newestFirstSince = Date.UTC(2024, 0, 1);

/** The events of all streams of a group that fit a pattern, in the order of their time. There is more as long as there is a token. */
export const filterLogEvents: OperationOf<'logs', 'FilterLogEvents'> = {
  constraints: {
    logGroupName: optionalGroupName,
    logGroupIdentifier: groupIdentifier,
    logStreamNames: { maxLength: 100, minLength: 1, each: optionalStreamName },
    logStreamNamePrefix: optionalStreamName,
    startTime: time,
    endTime: time,
    filterPattern: { maxLength: 1024 },
    nextToken: token,
    limit: eventLimit,
  },
  resources: (input, context) => [logResource(context, groupNameOf(input))],
  handle(input, context) {
    const streams = searchedStreams(groupOf(input, context), input, context);
    const matches = parseFilterPattern(input.filterPattern ?? '');
    const from = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const forward = from?.forward ?? input.startFromHead ?? true;
    if (!forward && (input.startTime ?? 0) < newestFirstSince) {
      // The text is unverified.
      throw invalidParameter('startFromHead can be false only when startTime is on or after 2024-01-01T00:00:00Z.');
    }
    if (context.fault === 'empty-page' && (forward || from !== undefined)) {
      return { events: [], searchedLogStreams: [], nextToken: makeToken(forward, from?.place ?? beginning, (from?.empty ?? 0) + 1) };
    }
    const sources = streams.map((stream) => {
      const first = stream.from(input.startTime ?? 0);
      // The end of the time range is part of it, unlike in GetLogEvents.
      const last = stream.from((input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1);
      if (from === undefined) return { stream, first, last };
      if (forward) return { stream, first: Math.max(first, stream.after(from.place)), last };
      return { stream, first, last: Math.min(last, stream.after(before(from.place))) };
    });
    const search = () => firstPage(inOrder(sources, forward), ({ event }) => matches(event.message), input.limit ?? maxPageEvents);
    // Only what stands between two `%` can take for ever, and to be able to stop it costs a thread.
    const found = input.filterPattern?.includes('%') ? inTime(search) : search();
    const lastShown = found.shown.at(-1);
    return {
      events: found.shown.map(({ stream, event }) => ({
        logStreamName: stream.name,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: eventId(event),
      })),
      searchedLogStreams: [],
      ...(found.more && lastShown !== undefined ? { nextToken: makeToken(forward, lastShown.event) } : {}),
    };
  },
};

interface StreamChoice {
  readonly logStreamNames?: readonly string[] | undefined;
  readonly logStreamNamePrefix?: string | undefined;
}

/** @throws {AwsError} InvalidParameterException (its text is unverified), ResourceNotFoundException */
function searchedStreams(
  group: LogGroup,
  { logStreamNames: names, logStreamNamePrefix: prefix }: StreamChoice,
  context: RequestContext,
): readonly LogStream[] {
  const store = logStore(context.cloud, context);
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.');
  }
  if (names !== undefined) return [...new Set(names)].map((name) => store.stream(group, name));
  return store.streams(group).filter(({ name }) => name.startsWith(prefix ?? ''));
}

/** The events of a stream from index `first` to before `last`. */
interface Source {
  readonly stream: LogStream;
  readonly first: number;
  readonly last: number;
}

interface Found {
  readonly stream: LogStream;
  readonly event: LogEvent;
}

/** Merges the events of several streams. */
function* inOrder(sources: readonly Source[], forward: boolean): Generator<Found> {
  const cursors = sources.map(({ stream, first, last }) => ({ stream, next: forward ? first : last - 1, first, last }));
  for (;;) {
    let best: (Found & { readonly cursor: (typeof cursors)[number] }) | undefined;
    for (const cursor of cursors) {
      const event = cursor.next >= cursor.first && cursor.next < cursor.last ? cursor.stream.events[cursor.next] : undefined;
      if (event === undefined) continue;
      if (best === undefined || compareEvents(event, best.event) < 0 === forward) best = { stream: cursor.stream, event, cursor };
    }
    if (best === undefined) return;
    best.cursor.next += forward ? 1 : -1;
    yield best;
  }
}

function firstPage(events: Iterable<Found>, matches: (found: Found) => boolean, limit: number): { shown: readonly Found[]; more: boolean } {
  const shown: Found[] = [];
  let bytes = 0;
  for (const found of events) {
    if (!matches(found)) continue;
    bytes += eventSize(found.event);
    if (shown.length === limit || (shown.length > 0 && bytes > maxPageBytes)) return { shown, more: true };
    shown.push(found);
  }
  return { shown, more: false };
}

// CloudWatch Logs has an engine for expressions that takes time in proportion to the text; that of JavaScript does not always.
// Nobody else is answered meanwhile.
const mostMs = 2_000;

/** @throws {AwsError} InvalidParameterException for a search that does not come to an end, which is the sandbox's own limit. */
function inTime<Result>(search: () => Result): Result {
  try {
    return withinTime(mostMs, search);
  } catch (error) {
    if (error instanceof TimeLimit) throw invalidPattern('Invalid filter pattern: it takes too long to look for.');
    throw error;
  }
}

/** A token knows its direction, the last event that was shown, and how many pages without events have followed. */
function makeToken(forward: boolean, place: LogPosition, empty = 0): string {
  return Buffer.from(`${forward ? 'f' : 'b'}/${eventId(place)}/${empty}`).toString('base64url');
}

function readToken(nextToken: string): { readonly forward: boolean; readonly place: LogPosition; readonly empty: number } {
  const [, direction, id = '', empty] = /^([fb])\/(\d+)\/(\d{1,9})$/.exec(Buffer.from(nextToken, 'base64url').toString()) ?? [];
  const place = positionOf(id);
  if (direction === undefined || place === undefined) throw invalidToken();
  return { forward: direction === 'f', place, empty: Number(empty) };
}
