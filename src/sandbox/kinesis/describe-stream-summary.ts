import type { OperationOf } from '../operation.ts';
import { eitherStream } from './constraints.ts';
import { streamDetails } from './description.ts';
import { onSharedStream, requestedStream } from './request.ts';
import { warmThroughput } from './warm-throughput.ts';

export const describeStreamSummary: OperationOf<'kinesis', 'DescribeStreamSummary'> = {
  constraints: eitherStream,
  ...onSharedStream,
  handle(input, context) {
    const stream = requestedStream(input, context);
    return {
      StreamDescriptionSummary: {
        ...streamDetails(stream),
        OpenShardCount: stream.openShards.length,
        ConsumerCount: stream.consumers.count,
        MaxRecordSizeInKiB: stream.maxRecordKiB,
        ...warmThroughput(stream, context),
        ...(stream.mode === 'ON_DEMAND' && { RecordDistributionStrategy: 'USER_PARTITION_KEY' as const }),
      },
    };
  },
};
