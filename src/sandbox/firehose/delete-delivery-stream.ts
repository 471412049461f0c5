import type { OperationOf } from '../operation.ts';
import { streamName } from './constraints.ts';
import { deliveryStreamsOf } from './delivery-streams.ts';
import { resourceInUse } from './errors.ts';
import { deliveryStreamResource, requestedDeliveryStream } from './request.ts';

/** DeleteDeliveryStream (Firehose API reference): not while it is being created. */
export const deleteDeliveryStream: OperationOf<'firehose', 'DeleteDeliveryStream'> = {
  constraints: { DeliveryStreamName: streamName },
  resources: deliveryStreamResource,
  handle(input, context) {
    const stream = requestedDeliveryStream(input, context);
    // The text is unverified.
    if (stream.status === 'CREATING') {
      throw resourceInUse(`Firehose ${stream.name} under account ${context.account} cannot be deleted while it is in state CREATING.`);
    }
    deliveryStreamsOf(context.cloud, context).delete(stream);
    return {};
  },
};
