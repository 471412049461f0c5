import type { OperationOf } from '../operation.ts';
import { nextTurn } from '../turn.ts';
import { groupName, streamName } from './constraints.ts';
import { groupOf, invalidParameter, logResources } from './names.ts';
import { eventId } from './position.ts';
import { dayMs, type LogGroup, logStore, type NewEvent } from './store.ts';
import { eventSize } from './stream.ts';

/** PutLogEvents API reference. */
const maxRequestBytes = 1_048_576;
const maxEventBytes = 1_048_576;
/** From so many on, others have their turn meanwhile. */
const manyEvents = 2_000;
const oldestMs = 14 * dayMs;
const newestMs = 2 * 60 * 60 * 1000;

/** Sequence tokens have not been checked since 2023, and are answered all the same. */
export const putLogEvents: OperationOf<'logs', 'PutLogEvents'> = {
  constraints: {
    logGroupName: groupName,
    logStreamName: streamName,
    logEvents: {
      required: true,
      maxLength: 10000,
      minLength: 1,
      each: { members: { timestamp: { required: true, min: 0 }, message: { required: true, minLength: 1 } } },
    },
  },
  resources: logResources,
  async handle(input, context) {
    // To check ten thousand events took a while, and to keep them takes another.
    if ((input.logEvents?.length ?? 0) > manyEvents) await nextTurn();
    const store = logStore(context.cloud, context);
    const group = groupOf(input, context);
    const stream = store.stream(group, input.logStreamName ?? '');
    const events = (input.logEvents ?? []).map(({ timestamp = 0, message = '' }): NewEvent => ({ timestamp, message }));
    checkBatch(events);
    const now = context.cloud.clock.now();
    const { accepted, rejected } = sortOut(events, group, now);
    store.append(group.name, stream.name, accepted);
    return {
      nextSequenceToken: eventId({ timestamp: now, sequence: 0 }),
      ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
    };
  },
};

/** The texts on size and span are those that agents log; only the one on order is a recording (CloudWatch Logs API reference). */
function checkBatch(events: readonly NewEvent[]): void {
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    const size = eventSize(event);
    if (size > maxEventBytes) throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${maxEventBytes}`);
    if (event.timestamp < (events[index - 1]?.timestamp ?? 0)) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    bytes += size;
  }
  if (bytes > maxRequestBytes) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${maxRequestBytes}`);
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > dayMs) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

interface Rejected {
  tooNewLogEventStartIndex?: number;
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
}

/** Events of the far past or the future are left out and reported, not refused. They are in the order of their time. */
function sortOut(events: readonly NewEvent[], group: LogGroup, now: number): { accepted: readonly NewEvent[]; rejected: Rejected } {
  const firstFrom = (timestamp: number) => {
    const index = events.findIndex((event) => event.timestamp >= timestamp);
    return index < 0 ? events.length : index;
  };
  const expired = group.retentionInDays === undefined ? 0 : firstFrom(now - group.retentionInDays * dayMs);
  const tooOld = firstFrom(now - oldestMs);
  const tooNew = firstFrom(now + newestMs + 1);
  return {
    accepted: events.slice(Math.max(expired, tooOld), tooNew),
    rejected: {
      ...(tooNew < events.length ? { tooNewLogEventStartIndex: tooNew } : {}),
      ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
      ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    },
  };
}
