import { type Cloud, type Scope, slot } from '../cloud.ts';
import type { Policy } from '../iam/policy.ts';
import { Stream, type StreamSettings } from './stream.ts';

/** The streams of one account in one region. */
export class Streams {
  readonly #scope: Scope;
  readonly #cloud: Cloud;
  readonly #byName = new Map<string, Stream>();

  constructor(scope: Scope, cloud: Cloud) {
    this.#scope = scope;
    this.#cloud = cloud;
  }

  /** By name, as ListStreams lists them. */
  all(): readonly Stream[] {
    return [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The stream in whatever state it is, one that is being deleted included. */
  find(name: string): Stream | undefined {
    return this.#byName.get(name);
  }

  /** Only the streams of this account and region can be found. */
  byArn(arn: string): Stream | undefined {
    const name = streamNameOf(arn);
    const stream = name === undefined ? undefined : this.find(name);
    return stream?.arn === arn ? stream : undefined;
  }

  /** Begins the creation of a stream whose name is free. It is CREATING, and ACTIVE after the cloud's delay. */
  create(settings: StreamSettings): Stream {
    const stream = new Stream(this.#scope, this.#cloud, settings);
    this.#byName.set(stream.name, stream);
    this.#cloud.later(this.#cloud.delay('streamCreate'), () => {
      if (stream.status === 'CREATING') stream.activate();
    });
    return stream;
  }

  /** Begins a change of an ACTIVE stream: it is UPDATING, and ACTIVE with the change made after the cloud's delay. */
  update(stream: Stream, change: () => void): void {
    stream.status = 'UPDATING';
    this.#cloud.later(this.#cloud.delay('streamUpdate'), () => {
      if (stream.status !== 'UPDATING') return;
      change();
      stream.status = 'ACTIVE';
    });
  }

  /** Begins to split and merge the shards of an ACTIVE stream until there are so many. */
  scale(stream: Stream, shards: number, change: () => void = () => undefined): void {
    stream.scalingTo = shards;
    this.update(stream, () => {
      stream.scalingTo = undefined;
      stream.rescale(shards);
      change();
    });
  }

  /** Begins the deletion of a stream: it is DELETING, and gone with its records after the cloud's delay. */
  delete(stream: Stream): void {
    if (stream.status === 'DELETING') return;
    stream.status = 'DELETING';
    this.#cloud.later(this.#cloud.delay('streamDelete'), () => {
      this.#byName.delete(stream.name);
      stream.delete();
    });
  }
}

const streams = slot('kinesis', (scope, cloud) => new Streams(scope, cloud));

/** The streams of an account in a region. This is how the rest of the sandbox gets at Kinesis without a request. */
export function streamsOf(cloud: Cloud, scope: Scope): Streams {
  return cloud.state(streams, scope);
}

/** The stream with an ARN, in whichever account and region that is. */
export function streamByArn(cloud: Cloud, arn: string): Stream | undefined {
  const [, , , region = '', account = ''] = arn.split(':');
  return streamNameOf(arn) === undefined ? undefined : streamsOf(cloud, { region, account }).byArn(arn);
}

/** The policy that is attached to a stream or to a consumer of one. */
export function attachedPolicy(arn: string, { cloud }: { readonly cloud: Cloud }): Policy | undefined {
  const [streamArn = '', consumer] = arn.split('/consumer/');
  const stream = streamByArn(cloud, streamArn);
  const shared = consumer === undefined ? stream : stream?.consumers.byArn(arn);
  return shared?.resourcePolicy?.policy;
}

/** `orders` for `arn:aws:kinesis:us-east-1:000000000000:stream/orders`; undefined for what is not the ARN of a stream. */
export function streamNameOf(arn: string): string | undefined {
  return /^arn:aws[\w-]*:kinesis:[^:]+:\d{12}:stream\/([^/]+)$/.exec(arn)?.[1];
}
