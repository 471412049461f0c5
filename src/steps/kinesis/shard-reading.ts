import { AnswerOf, type ApiCall, apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws, orAbsent } from '../../aws/aws.ts';
import type { InputOf, OutputOf } from '../../util/sdk.ts';

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

type ChildShard = NonNullable<OutputOf<'kinesis', 'GetRecords'>['ChildShards']>[number];

/** A place in a shard that reading goes on from; without an iterator the shard has been read to its end. */
export interface Position {
  readonly stream: string;
  readonly shard: string;
  /** Where a new iterator begins, should this one have expired. Behind LATEST, what has come meanwhile is not seen then. */
  readonly from: Start;
  readonly iterator: string | undefined;
  /** How many milliseconds the last read was behind the newest record. */
  readonly behindMs: number | undefined;
  /** The shards that come after one that has been read to its end. */
  readonly children?: readonly ChildShard[] | undefined;
}

/** The partition key of records that were put to see whether somebody reads them. They are nobody's work, and are not looked at. */
export const probeKey = 'kinesis-labs-probe';

// A look through a shard ends after so many reads (at most 10 MiB each), whatever is still to come.
const readsPerShard = 200;
// An iterator is good for five minutes (Kinesis API reference). So many new ones in a row that are not are no accident.
const mostRenewals = 3;

// One page holds 1,000 shards.
export const listShards = (stream: string) => apiCall('kinesis', 'ListShards', { StreamName: stream });

export const getShardIterator = (stream: string, shard: string | AnswerOf, start: Start) =>
  apiCall('kinesis', 'GetShardIterator', { StreamName: stream, ShardId: shard, ...start });

export const getRecords = (iterator: string | AnswerOf, limit?: number) =>
  apiCall('kinesis', 'GetRecords', { ShardIterator: iterator, ...(limit === undefined ? {} : { Limit: limit }) });

/** What reading a stream through asks of AWS. */
export function readsOf(stream: string): readonly ApiCall[] {
  const iterator = getShardIterator(stream, new AnswerOf(listShards(stream), 'Shards[0].ShardId'), { ShardIteratorType: 'TRIM_HORIZON' });
  return [getRecords(new AnswerOf(iterator, 'ShardIterator'))];
}

/** The shards of a stream, or `undefined` when there is no such stream. */
export async function shardsOf(aws: Aws, stream: string) {
  return (await orAbsent(aws.call(listShards(stream))))?.Shards;
}

export async function positionAt(aws: Aws, stream: string, shard: string, start: Start): Promise<Position> {
  const { ShardIterator } = await aws.call(getShardIterator(stream, shard, start));
  return { stream, shard, from: start, iterator: ShardIterator, behindMs: undefined };
}

/**
 * Reads from a position until nothing more is there: to the newest record, to the end of a shard that is closed, or to a
 * bound that no lab reaches. Records of probes are left out. @param limit records of one GetRecords, at most.
 */
export async function readOn(
  aws: Aws,
  from: Position,
  limit?: number,
): Promise<{ readonly records: readonly StoredRecord[]; readonly next: Position }> {
  const records: StoredRecord[] = [];
  let next = from;
  let renewals = 0;
  for (let reads = 0; next.iterator !== undefined && reads < readsPerShard; reads++) {
    const { stream, shard } = next;
    const page = await orExpired(aws.call(getRecords(next.iterator, limit)), renewals < mostRenewals);
    if (page === undefined) {
      renewals += 1;
      next = await positionAt(aws, stream, shard, next.from);
      continue;
    }
    renewals = 0;
    for (const { SequenceNumber = '', PartitionKey = '', Data = new Uint8Array(), ApproximateArrivalTimestamp } of page.Records ?? []) {
      if (PartitionKey === probeKey) continue;
      const text = new TextDecoder().decode(Data);
      records.push({ ShardId: shard, SequenceNumber, partitionKey: PartitionKey, data: Data, text, arrived: ApproximateArrivalTimestamp });
    }
    const last = page.Records?.at(-1)?.SequenceNumber;
    const behind: Start | undefined =
      last === undefined ? undefined : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last };
    const { NextShardIterator: iterator, MillisBehindLatest: behindMs, ChildShards: children } = page;
    next = { stream, shard, from: behind ?? next.from, iterator, behindMs, children };
    // An empty page is not the end of the shard; being level with its tip is (Kinesis API reference).
    if (next.behindMs === 0) break;
  }
  return { records, next };
}

/** Runs a read and turns AWS's "the iterator has expired" into `undefined`, where it may be. */
async function orExpired<T>(read: Promise<T>, mayBe: boolean): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (mayBe && error instanceof ApiError && error.code === 'ExpiredIteratorException') return undefined;
    throw error;
  }
}
