import { type Cloud, slot } from '../cloud.ts';
import { Bucket, type BucketIdentity } from './bucket.ts';

/** The buckets of all accounts in all regions: a name exists once. */
export class Buckets {
  readonly #cloud: Cloud;
  readonly #byName = new Map<string, Bucket>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  find(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  /** By name. */
  of(account: string): readonly Bucket[] {
    return [...this.#byName.values()].filter(({ owner }) => owner === account).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Creates a bucket whose name is free. */
  create(identity: BucketIdentity): Bucket {
    const bucket = new Bucket(identity, this.#cloud.clock);
    this.#byName.set(bucket.name, bucket);
    return bucket;
  }

  delete(bucket: Bucket): void {
    this.#byName.delete(bucket.name);
  }
}

const buckets = slot('s3', (_scope, cloud) => new Buckets(cloud), { global: true });

/** All buckets. This is how the rest of the sandbox gets at S3 without a request. */
export function bucketsOf(cloud: Cloud): Buckets {
  return cloud.state(buckets, { account: '*', region: '*' });
}
