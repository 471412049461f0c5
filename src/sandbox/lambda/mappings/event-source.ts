import type { Cloud } from '../../cloud.ts';
import type { Consumer } from '../../kinesis/consumer.ts';
import { streamByArn, streamNameOf } from '../../kinesis/streams.ts';
import { invalidParameter, notImplemented } from '../error.ts';

/** What a mapping reads: a stream with everybody else, or as a consumer with enhanced fan-out. */
export interface EventSource {
  /** Of either, as the request gave it. */
  readonly arn: string;
  readonly streamArn: string;
  /** Undefined: with everybody else. */
  readonly consumerArn: string | undefined;
}

/** @throws {AwsError} for what is no stream and no consumer of one */
export function parseEventSource(arn: string): EventSource {
  if (/^arn:aws[\w-]*:(sqs|dynamodb|kafka|mq|rds):/.test(arn)) throw notImplemented('A mapping of another source than a Kinesis stream');
  const [streamArn = '', consumer] = arn.split('/consumer/');
  if (streamNameOf(streamArn) === undefined || (consumer !== undefined && !/^[\w.-]+:\d+$/.test(consumer))) {
    throw invalidParameter('Unrecognized event source.');
  }
  return { arn, streamArn, consumerArn: consumer === undefined ? undefined : arn };
}

/** The consumer that a mapping reads as, in whatever state it is. */
export function findConsumer(cloud: Cloud, { streamArn, consumerArn = '' }: EventSource): Consumer | undefined {
  return streamByArn(cloud, streamArn)?.consumers.byArn(consumerArn);
}
