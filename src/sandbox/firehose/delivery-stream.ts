import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose';
import type { Cloud, Scope } from '../cloud.ts';
import { DeliveryBuffer } from './buffer.ts';
import { Delivery } from './delivery.ts';
import { describeDestination, destinationId, type S3Destination } from './destination.ts';
import { type KinesisSource, readSource } from './source.ts';

/** Where the records of a delivery stream come from: its own PutRecord, or a Kinesis stream. */
export type DeliverySource = { readonly type: 'DirectPut' } | ({ readonly type: 'KinesisStreamAsSource' } & KinesisSource);

export interface DeliveryStreamSettings {
  readonly name: string;
  readonly source: DeliverySource;
  readonly destination: S3Destination;
  readonly tags: ReadonlyMap<string, string>;
}

export class DeliveryStream {
  readonly name: string;
  readonly arn: string;
  readonly scope: Scope;
  readonly source: DeliverySource;
  readonly tags: Map<string, string>;
  status: 'CREATING' | 'ACTIVE' | 'DELETING' = 'CREATING';
  readonly #cloud: Cloud;
  readonly #createdAt: number;
  readonly #stop = new AbortController();
  /** Aborts when the delivery stream is deleted or the sandbox stops. */
  readonly #signal: AbortSignal;
  readonly #buffer: DeliveryBuffer;
  readonly #delivery: Delivery;
  #destination: S3Destination;
  /** Goes up with every change of the destination. */
  #version = 1;
  #updatedAt: number | undefined;
  /** When reading from a Kinesis stream began. */
  #startedAt: number | undefined;

  constructor(cloud: Cloud, scope: Scope, { name, source, destination, tags }: DeliveryStreamSettings) {
    this.#signal = AbortSignal.any([cloud.signal, this.#stop.signal]);
    this.name = name;
    this.arn = deliveryStreamArn(scope, name);
    this.scope = { account: scope.account, region: scope.region };
    this.source = source;
    this.tags = new Map(tags);
    this.#cloud = cloud;
    this.#createdAt = cloud.clock.now();
    this.#destination = destination;
    const facts = () => ({ name, arn: this.arn, scope: this.scope, version: this.#version, destination: this.#destination });
    this.#delivery = new Delivery(cloud, facts, this.#signal);
    this.#buffer = new DeliveryBuffer(
      cloud,
      () => this.#destination,
      (batch) => this.#delivery.add(batch),
      this.#signal,
    );
  }

  get destination(): S3Destination {
    return this.#destination;
  }

  get version(): number {
    return this.#version;
  }

  /** So much waits for a delivery that fails that nothing more can be taken. */
  get full(): boolean {
    return this.#delivery.full;
  }

  /** Ends the creation. A Kinesis stream is read from the record on that is put next. */
  activate(): void {
    this.status = 'ACTIVE';
    const { source } = this;
    if (source.type === 'DirectPut') return;
    this.#startedAt = this.#cloud.clock.now();
    const signal = this.#signal;
    const room = async () => {
      while (this.full) await this.#delivery.next(signal);
    };
    const take = (data: Uint8Array, arrival: number) => this.#buffer.add(data, arrival);
    this.#cloud.inBackground(() => readSource({ cloud: this.#cloud, scope: this.scope, source, signal, room, take }));
  }

  /** Takes a record that was put to the delivery stream itself. */
  put(data: Uint8Array): void {
    this.#buffer.add(data, this.#cloud.clock.now());
  }

  update(destination: S3Destination): void {
    this.#destination = destination;
    this.#version += 1;
    this.#updatedAt = this.#cloud.clock.now();
  }

  /** Ends reading and delivering; what is not delivered yet is lost (Firehose API reference, DeleteDeliveryStream). */
  stop(): void {
    this.#stop.abort(new Error('The delivery stream is deleted.'));
  }

  /**
   * As DescribeDeliveryStream answers it (Firehose Developer Guide).
   * @param after the id of a destination: those behind it are wanted
   */
  described(after = ''): DeliveryStreamDescription {
    const { source } = this;
    return {
      DeliveryStreamName: this.name,
      DeliveryStreamARN: this.arn,
      DeliveryStreamStatus: this.status,
      ...(source.type === 'DirectPut' ? { DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' } } : {}),
      DeliveryStreamType: source.type,
      VersionId: String(this.#version),
      CreateTimestamp: new Date(this.#createdAt),
      ...(this.#updatedAt === undefined ? {} : { LastUpdateTimestamp: new Date(this.#updatedAt) }),
      ...(source.type === 'DirectPut' ? {} : { Source: { KinesisStreamSourceDescription: this.#describedSource(source) } }),
      Destinations: destinationId > after ? [describeDestination(this.#destination)] : [],
      HasMoreDestinations: false,
    };
  }

  #describedSource({ streamArn, roleArn }: KinesisSource) {
    const started = this.#startedAt === undefined ? {} : { DeliveryStartTimestamp: new Date(this.#startedAt) };
    return { KinesisStreamARN: streamArn, RoleARN: roleArn, ...started };
  }
}

/** `arn:aws:firehose:<region>:<account>:deliverystream/<name>` */
export function deliveryStreamArn({ account, region }: Scope, name: string): string {
  return `arn:aws:firehose:${region}:${account}:deliverystream/${name}`;
}
