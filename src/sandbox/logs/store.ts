import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import { type Cloud, type Scope, slot } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { type LogEvent, LogStream } from './stream.ts';

export interface LogGroup {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly logGroupClass: LogGroupClass;
  readonly kmsKeyId: string | undefined;
  readonly deletionProtected: boolean;
  /** Days; events are kept for ever where it is absent. */
  retentionInDays: number | undefined;
  readonly tags: Map<string, string>;
  /** By name. */
  readonly streams: Map<string, LogStream>;
}

export interface NewEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** Written, but not to be seen before `at`. */
interface Delivery {
  readonly at: number;
  readonly stream: LogStream;
  readonly events: readonly LogEvent[];
}

/** What all logs of one account and region may take. The oldest events of the longest stream go first. */
const defaultMaxBytes = 128 * 1024 * 1024;
/** Events that are let go of at once: others wait meanwhile. */
const mostDropped = 20_000;
export const dayMs = 24 * 60 * 60 * 1000;

/** The log groups of one account and region. */
export class LogStore {
  readonly #cloud: Cloud;
  readonly #maxBytes: number;
  /** By name. */
  readonly #groups = new Map<string, LogGroup>();
  #deliveries: Delivery[] = [];
  /** Whether `#deliver` is going to be called for the first of the deliveries. */
  #waiting = false;
  #sequence = 0;
  #bytes = 0;

  constructor(cloud: Cloud, maxBytes = defaultMaxBytes) {
    this.#cloud = cloud;
    this.#maxBytes = maxBytes;
  }

  /** All groups, by name. */
  groups(): readonly LogGroup[] {
    return [...this.#groups.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws {AwsError} ResourceNotFoundException */
  group(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  /** @throws {AwsError} ResourceAlreadyExistsException */
  createGroup(name: string, options: Partial<Pick<LogGroup, 'logGroupClass' | 'kmsKeyId' | 'deletionProtected' | 'tags'>> = {}): LogGroup {
    if (this.#groups.has(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group: LogGroup = {
      name,
      created: this.#cloud.clock.now(),
      logGroupClass: options.logGroupClass ?? 'STANDARD',
      kmsKeyId: options.kmsKeyId,
      deletionProtected: options.deletionProtected ?? false,
      retentionInDays: undefined,
      tags: options.tags ?? new Map(),
      streams: new Map(),
    };
    this.#groups.set(name, group);
    return group;
  }

  /** @throws {AwsError} ResourceNotFoundException */
  deleteGroup(name: string): void {
    for (const stream of this.group(name).streams.values()) this.#forget(stream);
    this.#groups.delete(name);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  stream(group: LogGroup, name: string): LogStream {
    const stream = group.streams.get(name);
    if (stream === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    this.#tidy(group, stream);
    return stream;
  }

  /** The streams of a group, by name. */
  streams(group: LogGroup): readonly LogStream[] {
    for (const stream of group.streams.values()) this.#tidy(group, stream);
    return [...group.streams.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws {AwsError} ResourceAlreadyExistsException */
  createStream(group: LogGroup, name: string): LogStream {
    if (group.streams.has(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    const stream = new LogStream(name, this.#cloud.clock.now());
    group.streams.set(name, stream);
    return stream;
  }

  /** @throws {AwsError} ResourceNotFoundException */
  deleteStream(group: LogGroup, name: string): void {
    this.#forget(this.stream(group, name));
    group.streams.delete(name);
  }

  #forget(stream: LogStream): void {
    this.#bytes -= stream.bytes;
    this.#deliveries = this.#deliveries.filter((delivery) => delivery.stream !== stream);
  }

  /** Makes sure that a group and a stream in it exist, as Lambda does before a function's first line. */
  ensureStream(groupName: string, streamName: string): void {
    const group = this.#groups.get(groupName) ?? this.createGroup(groupName);
    if (!group.streams.has(streamName)) this.createStream(group, streamName);
  }

  /**
   * Writes events, which can be read after the delay of the sandbox's log delivery.
   * @param events in the order of their time
   * @throws {AwsError} ResourceNotFoundException when the group or the stream is not there (any more)
   */
  append(groupName: string, streamName: string, events: readonly NewEvent[]): void {
    const stream = this.stream(this.group(groupName), streamName);
    const ingestionTime = this.#cloud.clock.now();
    const delay = this.#cloud.delay('logDelivery');
    this.#deliveries.push({
      at: ingestionTime + delay,
      stream,
      events: events.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime, sequence: this.#sequence++ })),
    });
    if (delay === 0) this.#deliver();
    else this.#deliverLater(delay);
  }

  /** The delay is slept, not only compared, so that a clock which jumps over idle time has something to jump to. */
  #deliverLater(ms: number): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#cloud.later(ms, () => {
      this.#waiting = false;
      this.#deliver();
      const [next] = this.#deliveries;
      if (next !== undefined) this.#deliverLater(Math.max(1, next.at - this.#cloud.clock.now()));
    });
  }

  /** Puts into the streams what is due. */
  #deliver(): void {
    const now = this.#cloud.clock.now();
    while (this.#deliveries[0] !== undefined && this.#deliveries[0].at <= now) {
      const { stream, events } = this.#deliveries[0];
      this.#deliveries.shift();
      this.#bytes -= stream.bytes;
      stream.add(events);
      this.#bytes += stream.bytes;
      this.#trim();
    }
  }

  /** What a reader has to find: events that have arrived, and none that have outlived the group's retention. */
  #tidy(group: LogGroup, stream: LogStream): void {
    this.#deliver();
    if (group.retentionInDays === undefined) return;
    this.#drop(stream, stream.from(this.#cloud.clock.now() - group.retentionInDays * dayMs));
  }

  #trim(): void {
    while (this.#bytes > this.#maxBytes) {
      const streams = this.groups().flatMap((group) => [...group.streams.values()]);
      const longest = streams.sort((one, other) => other.bytes - one.bytes)[0];
      if (longest === undefined || longest.events.length === 0) return;
      this.#drop(longest, Math.min(mostDropped, Math.ceil(longest.events.length / 4)));
    }
  }

  #drop(stream: LogStream, count: number): void {
    this.#bytes -= stream.bytes;
    stream.drop(count);
    this.#bytes += stream.bytes;
  }
}

const store = slot('logs', (_scope, cloud) => new LogStore(cloud));

/** CloudWatch Logs of an account and region. */
export function logStore(cloud: Cloud, scope: Scope): LogStore {
  return cloud.state(store, scope);
}
