import type { RequestContext } from '../operation.ts';
import { type DeliveryStream, deliveryStreamArn } from './delivery-stream.ts';
import { deliveryStreamsOf } from './delivery-streams.ts';
import { deliveryStreamNotFound } from './errors.ts';

interface DeliveryStreamReference {
  readonly DeliveryStreamName?: string | undefined;
}

/** What IAM is asked about: the ARN of the delivery stream, whether it exists or not. */
export function deliveryStreamResource({ DeliveryStreamName }: DeliveryStreamReference, context: RequestContext): readonly string[] {
  return [deliveryStreamArn(context, DeliveryStreamName ?? '')];
}

/** The delivery stream that a request is about, in whatever state it is. @throws {AwsError} ResourceNotFoundException */
export function requestedDeliveryStream({ DeliveryStreamName = '' }: DeliveryStreamReference, context: RequestContext): DeliveryStream {
  const stream = deliveryStreamsOf(context.cloud, context).find(DeliveryStreamName);
  if (stream === undefined) throw deliveryStreamNotFound(DeliveryStreamName, context.account);
  return stream;
}
