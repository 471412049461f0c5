import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { AwsError } from '../error.ts';
import type { Policy } from '../iam/policy.ts';
import { canonicalValue, type NumberName, numberNames, numbers, parseQueuePolicy } from './attribute-values.ts';
import { invalidAttributeValue } from './errors.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy, type RedriveAllowPolicy, type RedrivePolicy } from './redrive-policy.ts';

/** What only queues of one type have, and what a queue of that type has when nobody has said so. */
const fifoDefaults = {
  FifoQueue: 'true',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
  ContentBasedDeduplication: 'false',
};

/** Shown when they were set, and at no other time. */
const optional = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'] as const;

/** What a queue is set to. Values are texts, as on the wire; absent ones have their default. */
export class QueueAttributes {
  readonly #texts: ReadonlyMap<string, string>;
  readonly redrive: RedrivePolicy | undefined;
  readonly redriveAllow: RedriveAllowPolicy | undefined;
  readonly policy: Policy | undefined;

  constructor(texts: ReadonlyMap<string, string> = new Map()) {
    this.#texts = texts;
    const parsed = <Parsed>(name: string, parse: (text: string) => Parsed) => {
      const text = texts.get(name);
      return text === undefined ? undefined : parse(text);
    };
    this.redrive = parsed('RedrivePolicy', parseRedrivePolicy);
    this.redriveAllow = parsed('RedriveAllowPolicy', parseRedriveAllowPolicy);
    this.policy = parsed('Policy', parseQueuePolicy);
  }

  /** Those of a new queue before anything is set: the type of a queue never changes. */
  static ofType(fifo: boolean): QueueAttributes {
    return new QueueAttributes(new Map(fifo ? [['FifoQueue', 'true']] : []));
  }

  number(name: NumberName): number {
    return Number(this.#texts.get(name) ?? numbers[name][0]);
  }

  get fifo(): boolean {
    return this.#texts.has('FifoQueue');
  }

  get deduplicatesByContent(): boolean {
    return this.#texts.get('ContentBasedDeduplication') === 'true';
  }

  get deduplicatesPerGroup(): boolean {
    return this.#texts.get('DeduplicationScope') === 'messageGroup';
  }

  get policyText(): string | undefined {
    return this.#texts.get('Policy');
  }

  /** As GetQueueAttributes shows them, defaults included. */
  shown(): ReadonlyMap<QueueAttributeName, string> {
    const shown = new Map<QueueAttributeName, string>();
    for (const name of numberNames) shown.set(name, String(this.number(name)));
    for (const name of optional) {
      const text = this.#texts.get(name);
      if (text !== undefined) shown.set(name, text);
    }
    if (shown.has('KmsMasterKeyId')) shown.set('KmsDataKeyReusePeriodSeconds', this.#texts.get('KmsDataKeyReusePeriodSeconds') ?? '300');
    if (this.fifo) {
      for (const [name, usual] of Object.entries(fifoDefaults)) shown.set(name as QueueAttributeName, this.#texts.get(name) ?? usual);
    }
    return shown.set('SqsManagedSseEnabled', this.#texts.get('SqsManagedSseEnabled') ?? 'true');
  }

  /**
   * The same attributes with some of them changed. An empty policy takes the policy away.
   * @throws {AwsError} InvalidAttributeName, InvalidAttributeValue, and InvalidParameterValueException for a redrive policy
   */
  with(changes: Readonly<Record<string, string>>): QueueAttributes {
    const texts = new Map(this.#texts);
    for (const [name, value] of Object.entries(changes)) {
      const text = canonicalValue(name, value, this.fifo);
      if (text === undefined) texts.delete(name);
      else texts.set(name, text);
    }
    keepOneEncryption(texts, changes);
    // "Allowed only when the value for DeduplicationScope is messageGroup" (SQS API reference); the text is unverified.
    if (texts.get('FifoThroughputLimit') === 'perMessageGroupId' && texts.get('DeduplicationScope') !== 'messageGroup') {
      throw invalidAttributeValue('FifoThroughputLimit');
    }
    return new QueueAttributes(texts);
  }

  /** The first of the given attributes that has another value here. @throws {AwsError} as `with` does */
  difference(given: Readonly<Record<string, string>>): string | undefined {
    const shown = this.shown();
    return Object.entries(given).find(
      ([name, value]) => canonicalValue(name, value, this.fifo) !== shown.get(name as QueueAttributeName),
    )?.[0];
  }
}

/** A queue is encrypted with a key of its own or by SQS, the last that was asked for; whether that holds in both directions is unverified. */
function keepOneEncryption(
  texts: Map<string, string>,
  { KmsMasterKeyId: key, SqsManagedSseEnabled: managed }: Readonly<Record<string, string>>,
) {
  if (key && managed?.toLowerCase() === 'true') {
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  if (key) texts.set('SqsManagedSseEnabled', 'false');
  else if (texts.get('SqsManagedSseEnabled') === 'true') texts.delete('KmsMasterKeyId');
}
