import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { firstBehind } from '../../util/binary-search.ts';
import { TimeLimit, withinTime } from '../../util/time-limit.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { readyList } from '../protocols/ready-json.ts';
import { Turn } from '../turn.ts';
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
  async handle(input, context) {
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
    const sources = streams.map((stream): Source => {
      const start = stream.from(input.startTime ?? 0);
      // The end of the time range is part of it, unlike in GetLogEvents.
      const end = stream.from((input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1);
      const first = from !== undefined && forward ? Math.max(start, stream.after(from.place)) : start;
      const last = from !== undefined && !forward ? Math.min(end, stream.after(before(from.place))) : end;
      // As they are now: events may come and go while they are looked through.
      return { stream, events: stream.events.slice(first, last) };
    });
    const page = new Page(({ event }) => matches(event.message), input.limit ?? maxPageEvents);
    // Only what stands between two `%` can take for ever, and to be able to stop it costs a thread.
    const inTime = input.filterPattern?.includes('%') ? new SearchTime() : undefined;
    const found = await search(inOrder(sources, forward), page, inTime);
    const lastShown = found.shown.at(-1);
    return {
      events: await readyList(await shown(found.shown)),
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

/** Events of a stream, in order. */
interface Source {
  readonly stream: LogStream;
  readonly events: readonly LogEvent[];
}

interface Found {
  readonly stream: LogStream;
  readonly event: LogEvent;
}

/** Merges the events of several streams. */
function* inOrder(sources: readonly Source[], forward: boolean): Generator<Found> {
  // Those that have an event left. The one whose turn it is stands last.
  const cursors: (Found & { readonly events: readonly LogEvent[]; readonly index: number })[] = [];
  const put = (source: Source, index: number): void => {
    const event = source.events[index];
    if (event === undefined) return;
    const isLater = (other: Found) => compareEvents(other.event, event) > 0 === forward;
    const place = firstBehind(cursors, (other) => !isLater(other));
    cursors.splice(place, 0, { ...source, event, index });
  };
  for (const source of sources) put(source, forward ? 0 : source.events.length - 1);
  for (let next = cursors.pop(); next !== undefined; next = cursors.pop()) {
    yield next;
    put(next, next.index + (forward ? 1 : -1));
  }
}

/** The events that fit a pattern, as many as are answered together. */
class Page {
  readonly shown: Found[] = [];
  /** There is one that fits, and has no room. */
  more = false;
  readonly #matches: (found: Found) => boolean;
  readonly #limit: number;
  #bytes = 0;

  constructor(matches: (found: Found) => boolean, limit: number) {
    this.#matches = matches;
    this.#limit = limit;
  }

  add(found: Found): void {
    if (!this.#matches(found)) return;
    this.#bytes += eventSize(found.event);
    if (this.shown.length === this.#limit || (this.shown.length > 0 && this.#bytes > maxPageBytes)) this.more = true;
    else this.shown.push(found);
  }
}

/** So many events are looked at before it is asked how long that took. */
const stepEvents = 500;

/** Looks through events until a page is full, and lets others have their turn meanwhile. */
async function search(events: Iterator<Found>, page: Page, inTime: SearchTime | undefined): Promise<Page> {
  const turn = new Turn();
  let ended = false;
  const step = (): void => {
    for (let looked = 0; looked < stepEvents && !ended && !page.more; looked += 1) {
      const next = events.next();
      if (next.done) ended = true;
      else page.add(next.value);
    }
  };
  while (!ended && !page.more) {
    if (turn.over) await turn.pass();
    if (inTime === undefined) step();
    else inTime.spend(step);
  }
  return page;
}

/** Events as they are answered. */
async function shown(all: readonly Found[]): Promise<FilteredLogEvent[]> {
  const turn = new Turn();
  const events: FilteredLogEvent[] = [];
  for (const { stream, event } of all) {
    if (turn.over) await turn.pass();
    const { timestamp, message, ingestionTime } = event;
    events.push({ logStreamName: stream.name, timestamp, message, ingestionTime, eventId: eventId(event) });
  }
  return events;
}

// CloudWatch Logs has an engine for expressions that takes time in proportion to the text; that of JavaScript does not always.
// Nobody else is answered while one event is looked at.
const mostMs = 2_000;

/** How long one search may take in all. */
class SearchTime {
  #left = mostMs;

  /** @throws {AwsError} InvalidParameterException for a search that does not come to an end, which is the sandbox's own limit. */
  spend(work: () => void): void {
    const began = performance.now();
    try {
      withinTime(Math.max(1, Math.ceil(this.#left)), work);
    } catch (error) {
      if (error instanceof TimeLimit) throw invalidPattern('Invalid filter pattern: it takes too long to look for.');
      throw error;
    }
    this.#left -= performance.now() - began;
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
