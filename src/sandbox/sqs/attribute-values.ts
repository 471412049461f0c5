import { AwsError } from '../error.ts';
import type { Policy } from '../iam/policy.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { invalidAttributeValue, unknownAttribute } from './errors.ts';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy.ts';

/** The attributes that are numbers, in the order in which AWS lists them: default, least, most (SQS API reference). */
export const numbers = {
  VisibilityTimeout: [30, 0, 43_200],
  MaximumMessageSize: [1_048_576, 1_024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  DelaySeconds: [0, 0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
} as const;

export type NumberName = keyof typeof numbers;

export const numberNames = Object.keys(numbers) as NumberName[];

const booleans = ['true', 'false'];
const keyReuseSeconds = [60, 86_400] as const;

/**
 * A value in the form in which it is kept; `undefined` when it takes the attribute away.
 * @param fifo the type of the queue that it is for
 * @throws {AwsError} InvalidAttributeName, InvalidAttributeValue, and InvalidParameterValueException for a redrive policy
 */
export function canonicalValue(name: string, value: string, fifo: boolean): string | undefined {
  switch (name) {
    case 'VisibilityTimeout':
    case 'MaximumMessageSize':
    case 'MessageRetentionPeriod':
    case 'DelaySeconds':
    case 'ReceiveMessageWaitTimeSeconds':
      return numberBetween(name, value, numbers[name][1], numbers[name][2]);
    case 'KmsDataKeyReusePeriodSeconds':
      return numberBetween(name, value, ...keyReuseSeconds);
    case 'KmsMasterKeyId':
      return value === '' ? undefined : value;
    case 'SqsManagedSseEnabled':
      return oneOf(name, value.toLowerCase(), booleans);
    case 'Policy':
      if (value === '') return undefined;
      parseQueuePolicy(value);
      return value;
    case 'RedrivePolicy':
      return value === '' ? undefined : JSON.stringify(parseRedrivePolicy(value));
    case 'RedriveAllowPolicy':
      return value === '' ? undefined : JSON.stringify(parseRedriveAllowPolicy(value));
    case 'FifoQueue':
      if (!fifo) throw unknownAttribute(name);
      if (value.toLowerCase() === 'true') return 'true';
      throw invalidAttributeValue(name, 'Modifying queue type is not supported.');
    case 'ContentBasedDeduplication':
      if (!fifo) throw unknownAttribute(name);
      return oneOf(name, value.toLowerCase(), booleans);
    case 'DeduplicationScope':
      return oneOf(name, ofFifo(name, value, fifo), ['queue', 'messageGroup']);
    case 'FifoThroughputLimit':
      return oneOf(name, ofFifo(name, value, fifo), ['perQueue', 'perMessageGroupId']);
    default:
      throw unknownAttribute(name);
  }
}

function numberBetween(name: string, value: string, least: number, most: number): string {
  if (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > most) throw invalidAttributeValue(name);
  return String(Number(value));
}

function oneOf(name: string, value: string, values: readonly string[]): string {
  if (!values.includes(value)) throw invalidAttributeValue(name);
  return value;
}

function ofFifo(name: string, value: string, fifo: boolean): string {
  if (fifo) return value;
  throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
}

/** @throws {AwsError} InvalidAttributeValue: SQS does not say what is wrong with a policy */
export function parseQueuePolicy(text: string): Policy {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    throw error instanceof AwsError ? invalidAttributeValue('Policy') : error;
  }
}
