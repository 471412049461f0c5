import type { Cloud, Scope } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import { roleAllows } from '../../iam/access.ts';
import { logResource } from '../../logs/names.ts';
import { type LogStore, logStore } from '../../logs/store.ts';

/** Bytes of the end of a log that Invoke returns (answers recorded from Lambda). */
const tailBytes = 4_096;

/** Where the log of an environment goes. */
export interface LogDestination {
  readonly group: string;
  /** `2026/11/21/[$LATEST]` or `2026/11/21/[1]`, and 32 hexadecimal digits. */
  readonly stream: string;
  /** Its permissions decide whether anything is written at all. */
  readonly roleArn: string;
}

/**
 * The log stream of one execution environment. It is written with the permissions of the function's role; without them the
 * function runs and nothing is logged, which is no error (CloudWatch Logs API reference).
 */
export class EnvironmentLog {
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  readonly #to: LogDestination;
  readonly #store: LogStore;
  #written = false;
  #tail = '';

  constructor(cloud: Cloud, scope: Scope, to: LogDestination) {
    this.#cloud = cloud;
    this.#scope = scope;
    this.#to = to;
    this.#store = logStore(cloud, scope);
  }

  /** Looks at the role again, and creates the group and the stream where they are missing. Comes before each invocation. */
  open(): void {
    const { group, stream } = this.#to;
    const groupThere = () => this.#store.groups().some(({ name }) => name === group);
    this.#written = this.#allows('CreateLogStream') && this.#allows('PutLogEvents') && (this.#allows('CreateLogGroup') || groupThere());
    if (this.#written) this.#store.ensureStream(group, stream);
  }

  write(message: string): void {
    this.#tail = (this.#tail + message).slice(-tailBytes);
    if (!this.#written) return;
    try {
      this.#store.append(this.#to.group, this.#to.stream, [{ timestamp: this.#cloud.clock.now(), message }]);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The group or the stream was deleted meanwhile. The next invocation creates them again.
      this.#written = false;
    }
  }

  /** What is written from here on is the log of one invocation. */
  startTail(): void {
    this.#tail = '';
  }

  /** The last 4 KB of the invocation's log. It is there even where the role does not allow logs. */
  get tail(): string {
    return Buffer.from(this.#tail).subarray(-tailBytes).toString('utf8');
  }

  #allows(action: 'CreateLogGroup' | 'CreateLogStream' | 'PutLogEvents'): boolean {
    const { group, stream, roleArn } = this.#to;
    const resource = logResource(this.#scope, group, action === 'CreateLogGroup' ? '' : stream);
    return roleAllows(this.#cloud, roleArn, `logs:${action}`, resource);
  }
}

/** The name of a new log stream. @param now epoch milliseconds. @param version `$LATEST` or `1`. @param id 32 hexadecimal digits. */
export function logStreamName(now: number, version: string, id: string): string {
  return `${new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${id}`;
}
