import { invalidArgument } from './errors.ts';
import { highestHashKey } from './hash-key.ts';
import type { NewRecord, Stream } from './stream.ts';

/** A record as PutRecord and PutRecords bring it. */
interface RecordInput {
  readonly Data?: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

/** A record that may be put to a stream. */
export interface SizedRecord extends NewRecord {
  /** Bytes of data and partition key, which is what all limits count (Kinesis quotas). */
  readonly size: number;
}

/** @throws {AwsError} InvalidArgumentException */
export function newRecord(stream: Stream, { Data = new Uint8Array(), PartitionKey = '', ExplicitHashKey }: RecordInput): SizedRecord {
  const explicitHashKey = ExplicitHashKey === undefined ? undefined : BigInt(ExplicitHashKey);
  if (explicitHashKey !== undefined && explicitHashKey > highestHashKey) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  }
  const size = Data.byteLength + Buffer.byteLength(PartitionKey, 'utf8');
  if (size > stream.maxRecordKiB * 1024) {
    // The limit is documented, the text is unverified.
    throw invalidArgument(
      `A record of stream ${stream.name} under account ${stream.account} can have ${stream.maxRecordKiB} KiB of data and partition key, not ${size} bytes.`,
    );
  }
  return { partitionKey: PartitionKey, explicitHashKey, data: Data, size };
}
