import { firstBehind } from '../../util/binary-search.ts';
import type { Clock } from '../../util/clock.ts';
import type { Content } from './content.ts';
import { compareKeys } from './key-order.ts';
import type { MultipartUpload } from './multipart-upload.ts';
import type { ObjectDetails, StoredObject } from './stored-object.ts';

export interface BucketIdentity {
  readonly name: string;
  /** The account. */
  readonly owner: string;
  readonly region: string;
  /** As it was asked for, where it was: `EU` is a region's older name. */
  readonly constraint?: string | undefined;
}

/** A bucket and its objects, without versions. */
export class Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly constraint: string | undefined;
  /** Epoch milliseconds. */
  readonly created: number;
  /** Absent is not the same as none. */
  tags: ReadonlyMap<string, string> | undefined;
  /** What has come in parts and is not complete, by its id. */
  readonly uploads = new Map<string, MultipartUpload>();
  readonly #clock: Clock;
  readonly #objects = new Map<string, StoredObject>();
  /** In the order of lists. */
  readonly #keys: string[] = [];

  constructor({ name, owner, region, constraint }: BucketIdentity, clock: Clock) {
    this.name = name;
    this.owner = owner;
    this.region = region;
    this.constraint = constraint;
    this.#clock = clock;
    this.created = wholeSeconds(clock.now());
  }

  get arn(): string {
    return `arn:aws:s3:::${this.name}`;
  }

  get empty(): boolean {
    return this.#objects.size === 0;
  }

  find(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Stores an object in the place of the one that may have been there. */
  put(key: string, content: Content, details: ObjectDetails = {}): StoredObject {
    const stored: StoredObject = {
      ...details,
      ...content,
      key,
      modified: wholeSeconds(this.#clock.now()),
      contentType: details.contentType ?? 'binary/octet-stream',
      metadata: details.metadata ?? {},
      tags: details.tags ?? new Map(),
    };
    if (!this.#objects.has(key)) this.#keys.splice(this.#placeOf(key), 0, key);
    this.#objects.set(key, stored);
    return stored;
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys.splice(this.#placeOf(key), 1);
  }

  #placeOf(key: string): number {
    return firstBehind(this.#keys, (other) => compareKeys(other, key) >= 0);
  }

  /** In the order of lists, from a key on. */
  *objectsFrom(key: string): Generator<StoredObject> {
    for (let index = this.#placeOf(key); index < this.#keys.length; index += 1) {
      const stored = this.#objects.get(this.#keys[index] ?? '');
      if (stored !== undefined) yield stored;
    }
  }
}

/** S3's times have no fractions of seconds. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
