import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Bell } from '../bell.ts';
import { atWork } from '../clock.ts';
import type { Cloud, Scope } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { assumableByService, roleAllows } from '../iam/access.ts';
import { logStore } from '../logs/store.ts';
import { bucketsOf } from '../s3/buckets.ts';
import { type Content, newContent } from '../s3/content.ts';
import { nextTurn } from '../turn.ts';
import type { Batch } from './buffer.ts';
import type { S3Destination } from './destination.ts';
import { objectKey } from './object-key.ts';

/** A delivery is tried for so long, ever more rarely, and is then given up (Developer Guide, "Handle data delivery failures"). */
const longestAttempts = 24 * 3_600_000;
/** How long the waits between attempts are is unverified. */
const firstWait = 5_000;
const longestWait = 300_000;

/** Bytes that may wait for their delivery. */
const mostWaiting = 128 * 1024 * 1024;

/** What a delivery is told about its delivery stream, as it is at the moment. */
interface DeliveryFacts {
  readonly name: string;
  readonly arn: string;
  readonly scope: Scope;
  readonly version: number;
  readonly destination: S3Destination;
}

/** Why an attempt failed, in the words that Firehose writes to its error log (Developer Guide, "Amazon S3 data delivery errors"). */
interface Failure {
  readonly errorCode: string;
  readonly message: string;
}

const denied: Failure = {
  errorCode: 'S3.AccessDenied',
  message:
    'Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access ' +
    'policy allows access to the S3 bucket.',
};

const noBucket: Failure = {
  errorCode: 'S3.NoSuchBucket',
  message: 'The specified S3 bucket does not exist. Create the bucket or use a different bucket that does exist.',
};

/** Brings batches to S3 in the name of a role, one after the other and each until it is there. */
export class Delivery {
  readonly #cloud: Cloud;
  readonly #facts: () => DeliveryFacts;
  readonly #signal: AbortSignal;
  readonly #waiting: Batch[] = [];
  readonly #delivered = new Bell();
  #bytes = 0;
  #working = false;

  constructor(cloud: Cloud, facts: () => DeliveryFacts, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#facts = facts;
    this.#signal = signal;
  }

  /** There is more to deliver than can be kept. */
  get full(): boolean {
    return this.#bytes >= mostWaiting;
  }

  /** Resolves when something has been delivered or given up. @throws the signal's reason when `signal` aborts first */
  next(signal: AbortSignal): Promise<void> {
    return this.#delivered.next(signal);
  }

  add(batch: Batch): void {
    this.#waiting.push(batch);
    this.#bytes += batch.bytes;
    if (this.#working) return;
    this.#working = true;
    this.#cloud.inBackground(() => this.#work());
  }

  async #work(): Promise<void> {
    try {
      for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
        await this.#deliver(batch);
        this.#waiting.shift();
        this.#bytes -= batch.bytes;
        this.#delivered.ring();
      }
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      this.#working = false;
    }
  }

  async #deliver(batch: Batch): Promise<void> {
    const id = randomUUID();
    const began = this.#cloud.clock.now();
    for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
      this.#signal.throwIfAborted();
      const failure = await this.#attempt(batch, id);
      if (failure === undefined) return;
      this.#report(failure, this.#facts());
      if (this.#cloud.clock.now() - began > longestAttempts) return;
      await this.#cloud.clock.sleep(wait, this.#signal);
    }
  }

  async #attempt(batch: Batch, id: string): Promise<Failure | undefined> {
    const content = await atWork(this.#cloud.clock, () => this.#contentOf(batch));
    // What stands meanwhile is what counts.
    const { name, scope, version, destination } = this.#facts();
    const { roleArn, bucketArn, compression } = destination;
    const extension = destination.fileExtension ?? (compression === 'GZIP' ? '.gz' : '');
    const key = objectKey({ prefix: destination.prefix ?? '', deliveryStream: name, version, time: batch.since, id, extension });
    if (!assumable(this.#cloud, roleArn, scope) || !roleAllows(this.#cloud, roleArn, 's3:PutObject', `${bucketArn}/${key}`)) return denied;
    const bucket = bucketsOf(this.#cloud).find(bucketArn.slice(bucketArn.lastIndexOf(':') + 1));
    if (bucket === undefined) return noBucket;
    // Buckets have no policies that could let another account in.
    if (bucket.owner !== scope.account) return denied;
    bucket.put(key, content, { contentType: 'application/octet-stream' });
    return undefined;
  }

  /** What the records of a batch become as an object. */
  async #contentOf({ records }: Batch): Promise<Content> {
    // Whoever has put the last record has not been answered yet.
    await nextTurn();
    const { compression, delimiter } = this.#facts().destination;
    const end = Buffer.from(delimiter);
    const text = Buffer.concat(records.flatMap((record) => [record, end]));
    return newContent(compression === 'GZIP' ? await promisify(gzip)(text) : text);
  }

  /** To a log group and a stream that are there, if the role may write to them; otherwise nobody is told. */
  #report(failure: Failure, { arn, scope, version, destination }: DeliveryFacts): void {
    const { log, roleArn, bucketArn } = destination;
    if (log === undefined) return;
    const resource = `arn:aws:logs:${scope.region}:${scope.account}:log-group:${log.group}:log-stream:${log.stream}`;
    if (!roleAllows(this.#cloud, roleArn, 'logs:PutLogEvents', resource)) return;
    const message = JSON.stringify({ deliveryStreamARN: arn, destination: bucketArn, deliveryStreamVersionId: version, ...failure });
    try {
      logStore(this.#cloud, scope).append(log.group, log.stream, [{ timestamp: this.#cloud.clock.now(), message }]);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

/**
 * Whether Firehose can act in the name of a role, which has to be of the delivery stream's own account: nobody can pass on the role
 * of another one (IAM User Guide, "Grant a user permissions to pass a role to an AWS service"). Firehose gives its account as the
 * external id, which older trust policies ask for.
 */
export function assumable(cloud: Cloud, roleArn: string, { account }: Scope): boolean {
  if (roleArn.split(':')[4] !== account) return false;
  return assumableByService(cloud, roleArn, 'firehose.amazonaws.com', { 'sts:ExternalId': account });
}
