import type { OperationOf } from '../operation.ts';
import { data, eitherStream, hashKey, partitionKey, sequenceNumber } from './constraints.ts';
import { encryptionOf } from './description.ts';
import { dryRun, invalidArgument, throughputExceeded } from './errors.ts';
import { newRecord } from './new-record.ts';
import { onSharedStream, writableStream } from './request.ts';
import { parseSequenceNumber } from './sequence-number.ts';

export const putRecord: OperationOf<'kinesis', 'PutRecord'> = {
  constraints: {
    SequenceNumberForOrdering: sequenceNumber,
    PartitionKey: partitionKey,
    ExplicitHashKey: hashKey,
    Data: data,
    ...eitherStream,
  },
  ...onSharedStream,
  handle(input, context) {
    const stream = writableStream(input, context);
    const record = newRecord(stream, input);
    const ordering = input.SequenceNumberForOrdering;
    // Records get their places in the order in which they arrive, so a number that is one leaves nothing to do.
    if (ordering !== undefined && !isFromThePast(ordering, context.cloud.clock.now())) {
      throw invalidArgument(
        `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${stream.name} under account ${stream.account} is invalid.`,
      );
    }
    if (input.DryRun) throw dryRun();
    const { shard, sequenceNumber: number } = stream.append(record);
    if (number === undefined) throw throughputExceeded(shard, stream);
    return { ShardId: shard.id, SequenceNumber: number, ...encryptionOf(stream) };
  },
};

/** Whether a sequence number can have been given out by now, epoch milliseconds. */
function isFromThePast(text: string, now: number): boolean {
  const number = parseSequenceNumber(text);
  return number !== undefined && Math.max(number.seconds, number.shardCreated) * 1_000 <= now;
}
