import type { OperationOf } from '../operation.ts';
import { streamArn, streamId } from './constraints.ts';
import { consumerArn, consumerName, consumerResource, requestedConsumer } from './consumer-request.ts';

export const deregisterStreamConsumer: OperationOf<'kinesis', 'DeregisterStreamConsumer'> = {
  constraints: { StreamARN: streamArn, ConsumerName: consumerName, ConsumerARN: consumerArn, StreamId: streamId },
  resources: consumerResource,
  handle(input, context) {
    const { consumer, stream } = requestedConsumer(input, context);
    if (consumer.status !== 'DELETING') stream.consumers.deregister(context.cloud, consumer);
    return {};
  },
};
