import type { Cloud } from '../cloud.ts';
import { Consumer, type ConsumerHome } from './consumer.ts';

/** The consumers that are registered with one stream. */
export class Consumers {
  readonly #byName = new Map<string, Consumer>();

  /** By name. */
  all(): readonly Consumer[] {
    return [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  get count(): number {
    return this.#byName.size;
  }

  find(name: string): Consumer | undefined {
    return this.#byName.get(name);
  }

  byArn(arn: string): Consumer | undefined {
    return this.all().find((consumer) => consumer.arn === arn);
  }

  /** Begins the registration of a consumer whose name is free. It is CREATING, and ACTIVE after the cloud's delay. */
  register(cloud: Cloud, stream: ConsumerHome, name: string, tags: Readonly<Record<string, string>>): Consumer {
    const consumer = new Consumer(stream, name, tags);
    this.#byName.set(name, consumer);
    cloud.later(cloud.delay('consumerRegister'), () => {
      if (consumer.status === 'CREATING') consumer.status = 'ACTIVE';
    });
    return consumer;
  }

  /** Begins the end of a consumer: it is DELETING, its subscriptions end, and it is gone after the cloud's delay. */
  deregister(cloud: Cloud, consumer: Consumer): void {
    consumer.delete();
    cloud.later(cloud.delay('consumerDeregister'), () => this.#byName.delete(consumer.name));
  }

  /** Ends all of them at once, as their stream is gone. */
  clear(): void {
    for (const consumer of this.#byName.values()) consumer.delete();
    this.#byName.clear();
  }
}
