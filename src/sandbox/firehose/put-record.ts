import { randomBytes } from 'node:crypto';
import { AwsError } from '../error.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { record, streamName } from './constraints.ts';
import type { DeliveryStream } from './delivery-stream.ts';
import { deliveryStreamNotFound, invalidArgument } from './errors.ts';
import { deliveryStreamResource, requestedDeliveryStream } from './request.ts';

export const putRecord: OperationOf<'firehose', 'PutRecord'> = {
  constraints: { DeliveryStreamName: streamName, Record: record },
  resources: deliveryStreamResource,
  handle(input, context) {
    const stream = writableDeliveryStream(input, context);
    stream.put(input.Record?.Data ?? new Uint8Array());
    return { RecordId: newRecordId(), Encrypted: false };
  },
};

/**
 * The delivery stream, if records can be put to it.
 * @throws {AwsError} ResourceNotFoundException, InvalidArgumentException, ServiceUnavailableException
 */
export function writableDeliveryStream(
  reference: { readonly DeliveryStreamName?: string | undefined },
  context: RequestContext,
): DeliveryStream {
  const stream = requestedDeliveryStream(reference, context);
  if (stream.source.type !== 'DirectPut') {
    throw invalidArgument('This operation is not permitted on KinesisStreamAsSource delivery stream type.');
  }
  // What AWS answers to a put while the stream is being created or deleted is unverified.
  if (stream.status !== 'ACTIVE') throw deliveryStreamNotFound(stream.name, context.account);
  if (stream.full) throw new AwsError('ServiceUnavailableException', 'Slow down.', { status: 503 });
  return stream;
}

/** Opaque, and about as long as AWS's. */
export function newRecordId(): string {
  return randomBytes(162).toString('base64');
}
