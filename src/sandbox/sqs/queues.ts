import { type Cloud, type Scope, slot } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { QueueAttributes } from './attributes.ts';
import { invalidValue } from './errors.ts';
import { Queue } from './queue.ts';
import { allowsRedriveFrom } from './redrive-policy.ts';

/** The queues of one account in one region. */
export class Queues {
  readonly #scope: Scope;
  readonly #cloud: Cloud;
  readonly #byName = new Map<string, Queue>();
  /** When names can be taken again whose queue was deleted. */
  readonly #freeAgain = new Map<string, number>();

  constructor(scope: Scope, cloud: Cloud) {
    this.#scope = scope;
    this.#cloud = cloud;
  }

  all(): Iterable<Queue> {
    return this.#byName.values();
  }

  find(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  /** Only the queues of this account and region can be found. */
  byArn(arn: string): Queue | undefined {
    const queue = this.find(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /**
   * The queue of that name, created if it is not there.
   * @throws {AwsError} QueueNameExists when it is there with another value of one of the attributes, QueueDeletedRecently
   */
  create(name: string, given: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): Queue {
    const existing = this.find(name);
    if (existing !== undefined) {
      const different = existing.attributes.difference(given);
      if (different === undefined) return existing;
      const message = `A queue already exists with the same name and a different value for attribute ${different}`;
      throw new AwsError('QueueNameExists', message);
    }
    const arn = queueArn(this.#scope, name);
    const attributes = this.changed({ arn, attributes: QueueAttributes.ofType(name.endsWith('.fifo')) }, given);
    if ((this.#freeAgain.get(name) ?? 0) > this.#cloud.clock.now()) {
      throw new AwsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    }
    this.#freeAgain.delete(name);
    const { account } = this.#scope;
    const identity = { name, arn, path: `/${account}/${name}` };
    const queue = new Queue(identity, attributes, this.#cloud.clock, (arn) => this.byArn(arn));
    for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
    this.#byName.set(name, queue);
    return queue;
  }

  /**
   * The attributes of a queue with some of them changed.
   * @throws {AwsError} also when a dead-letter queue is not there, or none for this queue
   */
  changed(queue: Pick<Queue, 'arn' | 'attributes'>, changes: Readonly<Record<string, string>>): QueueAttributes {
    const changed = queue.attributes.with(changes);
    const { redrive, fifo } = changed;
    if (!changes['RedrivePolicy'] || redrive === undefined) return changed;
    const refuse = (reason: string) => invalidValue(changes['RedrivePolicy'], 'RedrivePolicy', reason);
    const target = this.byArn(redrive.deadLetterTargetArn);
    if (target === undefined) throw refuse('Dead letter target does not exist.');
    // The two texts are unverified.
    if (target.isFifo !== fifo) throw refuse('Dead-letter queue must be same type of queue as the source.');
    if (!allowsRedriveFrom(target.attributes.redriveAllow, queue.arn))
      throw refuse('The dead-letter queue does not allow this source queue.');
    return changed;
  }

  /** Its messages go with it, and its name stays taken for a while. */
  delete(queue: Queue): void {
    this.#byName.delete(queue.name);
    this.#freeAgain.set(queue.name, this.#cloud.clock.now() + this.#cloud.delay('queueNameReuse'));
    queue.deleted = true;
    queue.changed.ring();
  }
}

const queues = slot('sqs', (scope, cloud) => new Queues(scope, cloud));

/** The queues of an account in a region. This is how the rest of the sandbox gets at SQS without a request. */
export function queuesOf(cloud: Cloud, scope: Scope): Queues {
  return cloud.state(queues, scope);
}

export function queueArn({ region, account }: Scope, name: string): string {
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
