import { isMapping } from '../../util/json.ts';
import { invalidValue } from './errors.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Which queues may name a queue as their dead-letter queue: none, or these. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns?: readonly string[];
}

const mostSourceQueues = 10;

/** Reads a RedriveAllowPolicy (SQS API reference). @throws {AwsError} InvalidParameterValueException, whose texts are unverified */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const refuse = (reason: string) => invalidValue(text, 'RedriveAllowPolicy', reason);
  const policy = parseJson(text);
  if (!isMapping(policy)) throw refuse('Redrive allow policy is not a valid JSON map.');
  const { redrivePermission, sourceQueueArns } = policy;
  switch (redrivePermission) {
    case 'allowAll':
    case 'denyAll':
      if (sourceQueueArns !== undefined) throw refuse(`sourceQueueArns cannot be given with redrivePermission ${redrivePermission}.`);
      return { redrivePermission };
    case 'byQueue': {
      const arns = Array.isArray(sourceQueueArns) ? sourceQueueArns.filter((arn) => typeof arn === 'string') : [];
      if (!Array.isArray(sourceQueueArns) || arns.length === 0 || arns.length < sourceQueueArns.length || arns.length > mostSourceQueues) {
        throw refuse(`sourceQueueArns has to be a list of 1 to ${mostSourceQueues} ARNs.`);
      }
      return { redrivePermission, sourceQueueArns: arns };
    }
    default:
      throw refuse('redrivePermission has to be one of allowAll, denyAll, byQueue.');
  }
}

export function allowsRedriveFrom(policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean {
  if (policy === undefined || policy.redrivePermission === 'allowAll') return true;
  return policy.sourceQueueArns?.includes(sourceArn) ?? false;
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
