import { type Cloud, type Scope, slot } from '../cloud.ts';
import { DeliveryStream, type DeliveryStreamSettings } from './delivery-stream.ts';

/** The delivery streams of one account in one region. */
export class DeliveryStreams {
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  readonly #byName = new Map<string, DeliveryStream>();

  constructor(scope: Scope, cloud: Cloud) {
    this.#scope = scope;
    this.#cloud = cloud;
  }

  /** By name, as ListDeliveryStreams lists them. */
  all(): readonly DeliveryStream[] {
    return [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** In whatever state it is. */
  find(name: string): DeliveryStream | undefined {
    return this.#byName.get(name);
  }

  /** Begins the creation of a delivery stream whose name is free. It is CREATING, and ACTIVE after the cloud's delay. */
  create(settings: DeliveryStreamSettings): DeliveryStream {
    const stream = new DeliveryStream(this.#cloud, this.#scope, settings);
    this.#byName.set(stream.name, stream);
    this.#cloud.later(this.#cloud.delay('deliveryStreamCreate'), () => stream.activate());
    return stream;
  }

  /** Begins the deletion: it is DELETING, and gone after the cloud's delay. */
  delete(stream: DeliveryStream): void {
    if (stream.status === 'DELETING') return;
    stream.status = 'DELETING';
    stream.stop();
    this.#cloud.later(this.#cloud.delay('deliveryStreamDelete'), () => this.#byName.delete(stream.name));
  }
}

const deliveryStreams = slot('firehose', (scope, cloud) => new DeliveryStreams(scope, cloud));

export function deliveryStreamsOf(cloud: Cloud, scope: Scope): DeliveryStreams {
  return cloud.state(deliveryStreams, scope);
}
