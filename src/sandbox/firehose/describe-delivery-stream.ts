import type { OperationOf } from '../operation.ts';
import { streamName } from './constraints.ts';
import { deliveryStreamResource, requestedDeliveryStream } from './request.ts';

export const describeDeliveryStream: OperationOf<'firehose', 'DescribeDeliveryStream'> = {
  constraints: {
    DeliveryStreamName: streamName,
    Limit: { min: 1, max: 10_000 },
    ExclusiveStartDestinationId: { pattern: /^[a-zA-Z0-9-]+$/, minLength: 1, maxLength: 100 },
  },
  resources: deliveryStreamResource,
  handle: (input, context) => ({
    DeliveryStreamDescription: requestedDeliveryStream(input, context).described(input.ExclusiveStartDestinationId),
  }),
};
