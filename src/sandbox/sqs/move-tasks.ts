import { randomUUID } from 'node:crypto';
import { isMapping } from '../../util/json.ts';
import { type Cloud, type Scope, slot } from '../cloud.ts';
import { invalidParameter, taskNotFound } from './errors.ts';
import type { Queue } from './queue.ts';
import { queuesOf } from './queues.ts';

/** Messages in a second when a request does not say (SQS API reference, StartMessageMoveTask: no more than 500). */
export const fastestRate = 500;

export interface MoveTaskSettings {
  readonly source: Queue;
  /** Absent: every message goes back to the queue that gave it up. */
  readonly destinationArn: string | undefined;
  /** Messages in a second, when the request says so. */
  readonly rate: number | undefined;
}

type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** The messages of a dead-letter queue on their way back. */
export class MoveTask {
  readonly id = randomUUID();
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly rate: number | undefined;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly toMove: number;
  moved = 0;
  status: MoveTaskStatus = 'RUNNING';
  failure: string | undefined;
  readonly #source: Queue;
  readonly #findQueue: (arn: string) => Queue | undefined;

  constructor({ source, destinationArn, rate }: MoveTaskSettings, now: number, findQueue: (arn: string) => Queue | undefined) {
    this.sourceArn = source.arn;
    this.destinationArn = destinationArn;
    this.rate = rate;
    this.started = now;
    this.toMove = source.counts().available;
    this.#source = source;
    this.#findQueue = findQueue;
  }

  /** What requests call it, in the form that was seen on AWS. */
  get handle(): string {
    return Buffer.from(JSON.stringify({ taskId: this.id, sourceArn: this.sourceArn })).toString('base64');
  }

  /** Moves what a second allows. What cannot be brought anywhere ends the task. */
  step(): void {
    for (let left = this.rate ?? fastestRate; left > 0 && this.status === 'RUNNING'; left -= 1) {
      const message = this.moved === this.toMove ? undefined : this.#source.firstAvailable();
      const target = message && this.#findQueue(this.destinationArn ?? message.deadLetterSource ?? '');
      if (message === undefined) this.status = 'COMPLETED';
      else if (target === undefined) this.#fail('AWS.SimpleQueueService.NonExistentQueue');
      else {
        this.#source.moveTo(target, message);
        this.moved += 1;
        if (this.moved === this.toMove) this.status = 'COMPLETED';
      }
    }
  }

  cancel(): void {
    this.status = 'CANCELLED';
  }

  #fail(reason: string): void {
    this.failure = reason;
    this.status = 'FAILED';
  }
}

/** The tasks of an account in a region, the latest first. */
export class MoveTasks {
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  #all: readonly MoveTask[] = [];

  constructor(scope: Scope, cloud: Cloud) {
    this.#cloud = cloud;
    this.#scope = scope;
  }

  ofSource(arn: string): readonly MoveTask[] {
    return this.#all.filter(({ sourceArn }) => sourceArn === arn);
  }

  /** @throws {AwsError} InvalidParameterValueException while another task empties the same queue */
  start(settings: MoveTaskSettings): MoveTask {
    if (this.ofSource(settings.source.arn).some(({ status }) => status === 'RUNNING')) {
      throw invalidParameter('There is already a task running. Only one active task is allowed for a source queue arn at a given time.');
    }
    const queues = queuesOf(this.#cloud, this.#scope);
    const { clock, signal } = this.#cloud;
    const task = new MoveTask(settings, clock.now(), (arn) => queues.byArn(arn));
    this.#all = [task, ...this.#all];
    this.#cloud.inBackground(async () => {
      for (;;) {
        task.step();
        if (task.status !== 'RUNNING') return;
        await clock.sleep(1000, signal);
      }
    });
    return task;
  }

  /** @throws {AwsError} InvalidParameterValueException for what is no handle, ResourceNotFoundException */
  byHandle(handle: string): MoveTask {
    const { taskId, sourceArn } = readHandle(handle);
    if (queuesOf(this.#cloud, this.#scope).byArn(sourceArn) === undefined) throw taskNotFound('SourceArn');
    const task = this.#all.find(({ id }) => id === taskId);
    if (task === undefined) throw taskNotFound();
    return task;
  }
}

function readHandle(handle: string): { readonly taskId: string; readonly sourceArn: string } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(handle, 'base64').toString());
  } catch {
    document = undefined;
  }
  if (!isMapping(document) || typeof document['taskId'] !== 'string' || typeof document['sourceArn'] !== 'string') {
    throw invalidParameter('Value for parameter TaskHandle is invalid.');
  }
  return { taskId: document['taskId'], sourceArn: document['sourceArn'] };
}

const moveTasks = slot('sqs-move-tasks', (scope, cloud) => new MoveTasks(scope, cloud));

export function moveTasksOf(cloud: Cloud, scope: Scope): MoveTasks {
  return cloud.state(moveTasks, scope);
}
