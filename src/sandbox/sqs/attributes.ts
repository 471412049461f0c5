import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { AwsError } from '../error.ts';
import type { Policy } from '../iam/policy.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { notImplemented } from '../not-implemented.ts';
import { invalidAttributeValue, unknownAttribute } from './errors.ts';
import { parseRedrivePolicy, type RedrivePolicy } from './redrive-policy.ts';

/** The attributes that are numbers, in the order in which AWS lists them: default, least, most (SQS API reference). */
const numbers = {
  VisibilityTimeout: [30, 0, 43_200],
  MaximumMessageSize: [1_048_576, 1_024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  DelaySeconds: [0, 0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
} as const;

type NumberName = keyof typeof numbers;

const notSupported: readonly string[] = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'RedriveAllowPolicy'];

/** What a queue is set to. Values are texts, as on the wire; absent ones have their default. */
export class QueueAttributes {
  readonly #texts: ReadonlyMap<string, string>;
  readonly redrive: RedrivePolicy | undefined;
  readonly policy: Policy | undefined;

  constructor(texts: ReadonlyMap<string, string> = new Map()) {
    this.#texts = texts;
    const redrive = texts.get('RedrivePolicy');
    this.redrive = redrive === undefined ? undefined : parseRedrivePolicy(redrive);
    const policy = texts.get('Policy');
    this.policy = policy === undefined ? undefined : parseQueuePolicy(policy);
  }

  number(name: NumberName): number {
    return Number(this.#texts.get(name) ?? numbers[name][0]);
  }

  /** As GetQueueAttributes shows them, defaults included. */
  shown(): ReadonlyMap<QueueAttributeName, string> {
    const shown = new Map<QueueAttributeName, string>();
    for (const name of Object.keys(numbers) as NumberName[]) shown.set(name, String(this.number(name)));
    for (const name of ['Policy', 'RedrivePolicy'] as const) {
      const text = this.#texts.get(name);
      if (text !== undefined) shown.set(name, text);
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
      const text = canonical(name, value);
      if (text === undefined) texts.delete(name);
      else texts.set(name, text);
    }
    return new QueueAttributes(texts);
  }

  /** The first of the given attributes that has another value here. @throws {AwsError} as `with` does */
  difference(given: Readonly<Record<string, string>>): string | undefined {
    const shown = this.shown();
    return Object.entries(given).find(([name, value]) => canonical(name, value) !== shown.get(name as QueueAttributeName))?.[0];
  }
}

/** A value in the form in which it is kept; `undefined` when it takes the attribute away. */
function canonical(name: string, value: string): string | undefined {
  if (isNumberName(name)) {
    const [, least, most] = numbers[name];
    if (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > most) throw invalidAttributeValue(name);
    return String(Number(value));
  }
  switch (name) {
    case 'SqsManagedSseEnabled':
      if (value !== 'true' && value !== 'false') throw invalidAttributeValue(name);
      return value;
    case 'Policy':
      if (value === '') return undefined;
      parseQueuePolicy(value);
      return value;
    case 'RedrivePolicy':
      return value === '' ? undefined : JSON.stringify(parseRedrivePolicy(value));
    case 'DeduplicationScope':
    case 'FifoThroughputLimit':
      throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
    default:
      throw notSupported.includes(name) ? notImplemented(`The attribute ${name} of SQS queues`) : unknownAttribute(name);
  }
}

function isNumberName(name: string): name is NumberName {
  return Object.hasOwn(numbers, name);
}

function parseQueuePolicy(text: string): Policy {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    // SQS does not say what is wrong with a policy.
    throw error instanceof AwsError ? invalidAttributeValue('Policy') : error;
  }
}
