import type { OperationOf } from '../operation.ts';
import { record, streamName } from './constraints.ts';
import { invalidArgument } from './errors.ts';
import { newRecordId, writableDeliveryStream } from './put-record.ts';
import { deliveryStreamResource } from './request.ts';

/** Bytes of one request (Firehose API reference). */
const largestRequest = 4 * 1024 * 1024;

export const putRecordBatch: OperationOf<'firehose', 'PutRecordBatch'> = {
  constraints: { DeliveryStreamName: streamName, Records: { required: true, minLength: 1, maxLength: 500, each: record } },
  resources: deliveryStreamResource,
  handle(input, context) {
    const stream = writableDeliveryStream(input, context);
    const records = (input.Records ?? []).map(({ Data }) => Data ?? new Uint8Array());
    const bytes = records.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // The text is unverified.
    if (bytes > largestRequest) throw invalidArgument('Records size exceeds 4 MB limit');
    for (const data of records) stream.put(data);
    return { FailedPutCount: 0, Encrypted: false, RequestResponses: records.map(() => ({ RecordId: newRecordId() })) };
  },
};
