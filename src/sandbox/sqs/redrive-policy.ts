import { isMapping } from '../../util/json.ts';
import { invalidValue } from './errors.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Reads a RedrivePolicy, whose number may be a text. @throws {AwsError} InvalidParameterValueException */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  const policy = parseJson(text);
  // The text for what is no JSON object is unverified.
  if (!isMapping(policy)) throw refuse('Redrive policy is not a valid JSON map.');
  const { maxReceiveCount: count, deadLetterTargetArn: target } = policy;
  for (const [name, value] of Object.entries({ maxReceiveCount: count, deadLetterTargetArn: target })) {
    if (value === undefined || value === null) throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const maxReceiveCount = typeof count === 'string' || typeof count === 'number' ? Number(count) : Number.NaN;
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    throw refuse(`Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`);
  }
  if (typeof target !== 'string' || !/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(target)) {
    // The text is unverified.
    throw refuse('Only following service as queue: [SQS].');
  }
  return { deadLetterTargetArn: target, maxReceiveCount };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
