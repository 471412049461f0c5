import { firstBehind } from '../../util/binary-search.ts';

/** One event, as a stream keeps it. Times are epoch milliseconds. */
export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** Grows with every event of an account and region, so that events of the same millisecond keep their order. */
  readonly sequence: number;
}

/** A place between events: the event with this timestamp and sequence number lies just before it. */
export interface LogPosition {
  readonly timestamp: number;
  readonly sequence: number;
}

/** What CloudWatch Logs counts for an event on top of its text. */
const eventOverhead = 26;

/** A page of events holds as many as fit into a megabyte, at most 10 000 (GetLogEvents API reference). */
export const maxPageBytes = 1_048_576;
export const maxPageEvents = 10_000;

/** The bytes that an event counts for: those of its text in UTF-8, and 26. */
export function eventSize(event: { readonly message: string }): number {
  return Buffer.byteLength(event.message) + eventOverhead;
}

/** A log stream: its events in the order of their timestamps. */
export class LogStream {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** Epoch milliseconds; absent until something has been written. */
  lastIngestionTime: number | undefined;
  bytes = 0;
  readonly #events: LogEvent[] = [];

  constructor(name: string, created: number) {
    this.name = name;
    this.created = created;
  }

  get events(): readonly LogEvent[] {
    return this.#events;
  }

  /** @param events in their order, written at the same time */
  add(events: readonly LogEvent[]): void {
    const [first] = events;
    if (first === undefined) return;
    // Nearly always none: what is written last is the newest.
    const later = this.#events.splice(this.after(first));
    let next = 0;
    for (const event of events) {
      for (let other = later[next]; other !== undefined && compareEvents(other, event) < 0; other = later[next]) {
        this.#events.push(other);
        next += 1;
      }
      this.#events.push(event);
      this.bytes += eventSize(event);
    }
    for (const event of later.slice(next)) this.#events.push(event);
    this.lastIngestionTime = Math.max(this.lastIngestionTime ?? 0, first.ingestionTime);
  }

  /** The index of the first event behind a position. */
  after(position: LogPosition): number {
    const events = this.#events;
    const isBehind = (event: LogEvent) => compareEvents(event, position) > 0;
    const last = events.at(-1);
    return last === undefined || !isBehind(last) ? events.length : firstBehind(events, isBehind);
  }

  /** The index of the first event that is not older than a time. */
  from(timestamp: number): number {
    return this.after({ timestamp, sequence: -1 });
  }

  /** Forgets the first `count` events. */
  drop(count: number): void {
    for (const event of this.#events.splice(0, count)) this.bytes -= eventSize(event);
  }
}

export function compareEvents(one: LogPosition, other: LogPosition): number {
  return one.timestamp - other.timestamp || one.sequence - other.sequence;
}
