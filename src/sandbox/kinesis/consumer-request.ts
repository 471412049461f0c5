import type { Constraint, RequestContext } from '../operation.ts';
import type { Consumer } from './consumer.ts';
import { consumerNotFound, invalidArgument } from './errors.ts';
import { requestedStream } from './request.ts';
import type { Stream } from './stream.ts';

export const consumerName = { pattern: /^[a-zA-Z0-9_.-]+$/, minLength: 1, maxLength: 128 } satisfies Constraint;

export const consumerArn = {
  pattern: /^arn:aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+$/,
  patternText: String.raw`^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+`,
  minLength: 1,
  maxLength: 2048,
} satisfies Constraint;

/** How requests say which consumer they are about: by its ARN, or by its name and the ARN of its stream. */
export interface ConsumerReference {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
}

/** What IAM is asked about: the ARN of the consumer. One that is named is looked up, as its ARN ends with the time of its creation. */
export function consumerResource(reference: ConsumerReference, context: RequestContext): readonly string[] {
  const { ConsumerARN, StreamARN, ConsumerName } = reference;
  if (ConsumerARN !== undefined) return [ConsumerARN];
  if (StreamARN === undefined || ConsumerName === undefined) return ['*'];
  const arn = requestedStream({ StreamARN }, context).consumers.find(ConsumerName)?.arn;
  return [arn ?? `${StreamARN}/consumer/${ConsumerName}:*`];
}

/**
 * The consumer that a request is about, in whatever state it is, and its stream.
 * @throws {AwsError} ResourceNotFoundException; InvalidArgumentException, whose text is unverified.
 */
export function requestedConsumer(
  reference: ConsumerReference,
  context: RequestContext,
): { readonly consumer: Consumer; readonly stream: Stream } {
  const { StreamARN, ConsumerName, ConsumerARN } = reference;
  if (ConsumerARN === undefined && (StreamARN === undefined || ConsumerName === undefined)) {
    throw invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.');
  }
  const [streamArn = '', named = ''] = (ConsumerARN ?? `${StreamARN}/consumer/${ConsumerName}`).split('/consumer/');
  const stream = requestedStream({ StreamARN: streamArn }, context);
  const consumer = ConsumerARN === undefined ? stream.consumers.find(named) : stream.consumers.byArn(ConsumerARN);
  if (consumer === undefined) throw consumerNotFound(named.replace(/:\d+$/, ''), streamArn, context.account);
  return { consumer, stream };
}

/** What all answers say of a consumer. */
export function consumerFacts({ name, arn, status, createdAt }: Consumer) {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: status,
    // Of the second, as in the ARN.
    ConsumerCreationTimestamp: new Date(Math.floor(createdAt / 1000) * 1000),
  };
}
