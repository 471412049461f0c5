import type { OperationOf } from '../operation.ts';
import { streamArn, streamId } from './constraints.ts';
import { consumerArn, consumerFacts, consumerName, consumerResource, requestedConsumer } from './consumer-request.ts';
import { attachedPolicy } from './streams.ts';

export const describeStreamConsumer: OperationOf<'kinesis', 'DescribeStreamConsumer'> = {
  constraints: { StreamARN: streamArn, ConsumerName: consumerName, ConsumerARN: consumerArn, StreamId: streamId },
  resources: consumerResource,
  resourcePolicy: attachedPolicy,
  handle(input, context) {
    const { consumer, stream } = requestedConsumer(input, context);
    return { ConsumerDescription: { ...consumerFacts(consumer), StreamARN: stream.arn } };
  },
};
