import type { OperationOf } from '../operation.ts';
import { readyList } from '../protocols/ready-json.ts';
import { eventLimit, groupIdentifier, optionalGroupName, streamName, time, token } from './constraints.ts';
import { groupOf, invalidToken, logResources } from './names.ts';
import { before, beginning, eventId, positionOf } from './position.ts';
import { dayMs, logStore } from './store.ts';
import { eventSize, type LogEvent, type LogPosition, maxPageBytes, maxPageEvents } from './stream.ts';

/**
 * Both tokens are in every answer. Who has read everything is given the token back that they came with, and gets what
 * has been written since when they come again. A token knows its direction; `startFromHead` counts where there is none.
 */
export const getLogEvents: OperationOf<'logs', 'GetLogEvents'> = {
  constraints: {
    logGroupName: optionalGroupName,
    logGroupIdentifier: groupIdentifier,
    logStreamName: streamName,
    startTime: time,
    endTime: time,
    nextToken: token,
    limit: eventLimit,
  },
  resources: logResources,
  async handle(input, context) {
    const stream = logStore(context.cloud, context).stream(groupOf(input, context), input.logStreamName ?? '');
    const from = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const { forward, place } = from ?? { forward: input.startFromHead ?? false, place: beginning };
    if (context.fault === 'empty-page')
      return emptyPage(from?.place ?? (forward ? beginning : behindAll(context.cloud.clock.now())), from?.mark);
    const first = Math.max(stream.from(input.startTime ?? 0), forward ? stream.after(place) : 0);
    // The end of the time range is not part of it.
    const rangeEnd = stream.from(input.endTime ?? Number.MAX_SAFE_INTEGER);
    const last = forward || from === undefined ? rangeEnd : Math.min(rangeEnd, stream.after(before(place)));
    const limit = input.limit ?? maxPageEvents;
    const events = forward
      ? head(stream.events.slice(first, Math.min(last, first + limit)))
      : tail(stream.events.slice(Math.max(first, last - limit), last));
    const [oldest, newest] = [events[0], events.at(-1)];
    return {
      events: await readyList(events.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime }))),
      nextForwardToken: `f/${eventId(newest ?? (forward ? place : before(place)))}/s`,
      nextBackwardToken: `b/${eventId(oldest ?? (forward ? following(place) : place))}/s`,
    };
  },
};

/**
 * Where to read on: forward from behind an event, or backward from before one.
 * @throws {AwsError} InvalidParameterException
 */
function readToken(nextToken: string): { readonly forward: boolean; readonly place: LogPosition; readonly mark: string } {
  const [, direction, id = '', mark = ''] = /^([fb])\/(\d+)\/([se])$/.exec(nextToken) ?? [];
  const place = positionOf(id);
  if (direction === undefined || place === undefined) throw invalidToken();
  return { forward: direction === 'f', place, mark };
}

/** The place behind every event. @param now epoch milliseconds; events lie two hours in the future at most (PutLogEvents API reference) */
function behindAll(now: number): LogPosition {
  return { timestamp: now + dayMs, sequence: 0 };
}

/** A page without events in the midst of a log: its tokens are other ones than that it was asked for with. */
function emptyPage(place: LogPosition, mark = 's') {
  const other = mark === 's' ? 'e' : 's';
  return { events: [], nextForwardToken: `f/${eventId(place)}/${other}`, nextBackwardToken: `b/${eventId(place)}/${other}` };
}

function following({ timestamp, sequence }: LogPosition): LogPosition {
  return { timestamp, sequence: sequence + 1 };
}

function head(events: readonly LogEvent[]): readonly LogEvent[] {
  return events.slice(0, fitting(events));
}

function tail(events: readonly LogEvent[]): readonly LogEvent[] {
  return events.slice(events.length - fitting(events.toReversed()));
}

/** How many of the first events fit on a page. */
function fitting(events: readonly LogEvent[]): number {
  let bytes = 0;
  const tooMuch = events.findIndex((event) => {
    bytes += eventSize(event);
    return bytes > maxPageBytes;
  });
  return tooMuch < 0 ? events.length : Math.max(1, tooMuch);
}
