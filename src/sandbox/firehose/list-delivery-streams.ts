import type { OperationOf } from '../operation.ts';
import { optionalStreamName } from './constraints.ts';
import { deliveryStreamsOf } from './delivery-streams.ts';

/** What a request that does not say gets (Firehose API reference). */
const defaultLimit = 10;

export const listDeliveryStreams: OperationOf<'firehose', 'ListDeliveryStreams'> = {
  constraints: {
    Limit: { min: 1, max: 10_000 },
    DeliveryStreamType: { values: ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'] },
    ExclusiveStartDeliveryStreamName: optionalStreamName,
  },
  resources: () => ['*'],
  handle(input, context) {
    const { DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after, Limit = defaultLimit } = input;
    const names = deliveryStreamsOf(context.cloud, context)
      .all()
      .filter(({ source }) => type === undefined || source.type === type)
      .map(({ name }) => name)
      .filter((name) => after === undefined || name > after);
    return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
  },
};
