import { type AnswerOf, apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import type { InputOf } from '../../util/sdk.ts';

/** A record that was read from a stream. */
export interface StoredRecord {
  readonly ShardId: string;
  readonly SequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** The data in UTF-8. */
  readonly text: string;
  readonly arrived: Date | undefined;
}

/** Where reading begins. */
export type Start = Pick<InputOf<'kinesis', 'GetShardIterator'>, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'>;

/** A place in a shard that reading goes on from; without an iterator the shard has been read to its end. */
export interface Position {
  readonly shard: string;
  readonly iterator: string | undefined;
  /** How many milliseconds the last read was behind the newest record. */
  readonly behindMs: number | undefined;
}

// A look through a shard ends after so many reads (at most 10 MiB each), whatever is still to come.
const readsPerShard = 200;

// One page holds 1,000 shards.
export const listShards = (stream: string) => apiCall('kinesis', 'ListShards', { StreamName: stream });

export const getShardIterator = (stream: string, shard: string | AnswerOf, start: Start) =>
  apiCall('kinesis', 'GetShardIterator', { StreamName: stream, ShardId: shard, ...start });

export const getRecords = (iterator: string | AnswerOf, limit?: number) =>
  apiCall('kinesis', 'GetRecords', { ShardIterator: iterator, ...(limit === undefined ? {} : { Limit: limit }) });

/** The shards of a stream, or `undefined` when there is no such stream. */
export async function shardsOf(aws: Aws, stream: string) {
  return (await orAbsent(aws.call(listShards(stream))))?.Shards;
}

export async function positionAt(aws: Aws, stream: string, shard: string, start: Start): Promise<Position> {
  const { ShardIterator } = await aws.call(getShardIterator(stream, shard, start));
  return { shard, iterator: ShardIterator, behindMs: undefined };
}

/**
 * Reads from a position until nothing more is there: to the newest record, to the end of a shard that is closed, or to a
 * bound that no lab reaches. @param limit records of one GetRecords, at most.
 */
export async function readOn(
  aws: Aws,
  from: Position,
  limit?: number,
): Promise<{ readonly records: readonly StoredRecord[]; readonly next: Position }> {
  const { shard } = from;
  const records: StoredRecord[] = [];
  let next = from;
  for (let reads = 0; next.iterator !== undefined && reads < readsPerShard; reads++) {
    const page = await aws.call(getRecords(next.iterator, limit));
    for (const { SequenceNumber = '', PartitionKey = '', Data = new Uint8Array(), ApproximateArrivalTimestamp } of page.Records ?? []) {
      const text = new TextDecoder().decode(Data);
      records.push({ ShardId: shard, SequenceNumber, partitionKey: PartitionKey, data: Data, text, arrived: ApproximateArrivalTimestamp });
    }
    next = { shard, iterator: page.NextShardIterator, behindMs: page.MillisBehindLatest };
    // An empty page is not the end of the shard; being level with its tip is (Kinesis API reference).
    if (next.behindMs === 0) break;
  }
  return { records, next };
}
