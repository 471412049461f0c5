import { createHash } from 'node:crypto';
import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { short } from '../finding.ts';

/** What a step puts into a record. */
export const dataSchema = z.union([z.string(), z.record(z.string(), z.unknown())]);

export const partitionKeySchema = z.string().min(1).max(256);

export interface NewRecord {
  readonly 'partition-key': string;
  readonly data: z.output<typeof dataSchema>;
}

/** The data as text: a mapping as JSON, in one line. */
export function textOf({ data }: NewRecord): string {
  return typeof data === 'string' ? data : JSON.stringify(data);
}

export function bytesOf(record: NewRecord): Uint8Array {
  return new TextEncoder().encode(textOf(record));
}

/** A record that was found in a stream. */
export interface StoredRecord {
  readonly ShardId: string;
  readonly SequenceNumber: string;
  readonly partitionKey: string;
  readonly text: string;
}

// A look through a stream ends after so many reads of a shard (at most 10 MiB each), whatever is still to come.
const readsPerShard = 200;

/**
 * All records that the shards of these partition keys hold, oldest first in each shard. `undefined` when there is no such
 * stream. A shard that holds more than a lab ever puts is read to a bound.
 */
export async function storedRecords(aws: Aws, stream: string, partitionKeys: readonly string[]): Promise<StoredRecord[] | undefined> {
  // One page holds 1,000 shards.
  const listed = await orAbsent(aws.call(apiCall('kinesis', 'ListShards', { StreamName: stream })));
  if (listed === undefined) return undefined;
  const hashes = [...new Set(partitionKeys)].map(hashOf);
  const shards = (listed.Shards ?? []).filter(({ HashKeyRange }) => {
    const [first, last] = [BigInt(HashKeyRange?.StartingHashKey ?? 0), BigInt(HashKeyRange?.EndingHashKey ?? 0)];
    return hashes.some((hash) => first <= hash && hash <= last);
  });
  const records: StoredRecord[] = [];
  for (const { ShardId } of shards) if (ShardId !== undefined) records.push(...(await shardRecords(aws, stream, ShardId)));
  return records;
}

/** MD5 of the partition key as a number, which decides about the shard (aws-behaviour 1.4). */
function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

async function shardRecords(aws: Aws, stream: string, shard: string): Promise<StoredRecord[]> {
  const start = apiCall('kinesis', 'GetShardIterator', { StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' });
  const records: StoredRecord[] = [];
  let iterator = (await aws.call(start)).ShardIterator;
  for (let reads = 0; iterator !== undefined && reads < readsPerShard; reads++) {
    const page: Awaited<ReturnType<typeof getRecords>> = await getRecords(aws, iterator);
    for (const { SequenceNumber = '', PartitionKey = '', Data } of page.Records ?? []) {
      records.push({ ShardId: shard, SequenceNumber, partitionKey: PartitionKey, text: new TextDecoder().decode(Data) });
    }
    // An empty page is not the end of the shard; being level with its tip is (aws-behaviour 1.7).
    if (page.MillisBehindLatest === 0) break;
    iterator = page.NextShardIterator;
  }
  return records;
}

function getRecords(aws: Aws, iterator: string) {
  return aws.call(apiCall('kinesis', 'GetRecords', { ShardIterator: iterator }));
}

/** The stored record for each new one, each stored record counted once; `undefined` where there is none. */
export function matched(records: readonly NewRecord[], stored: readonly StoredRecord[]): (StoredRecord | undefined)[] {
  const left = [...stored];
  return records.map((record) => {
    const text = textOf(record);
    const index = left.findIndex((each) => each.partitionKey === record['partition-key'] && each.text === text);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  });
}

/** What is there instead of a record that is missing, and why that may be. */
export function nearMiss(record: NewRecord, stored: readonly StoredRecord[]): { readonly observed: string; readonly hint?: string } {
  const text = textOf(record);
  const twice = stored.find((each) => each.text === Buffer.from(text).toString('base64'));
  if (twice) {
    return {
      observed: `the data in base64: ${short(twice.text)}`,
      hint: 'It was encoded twice. The AWS CLI encodes by itself: give the plain text to --data, in version 2 with --cli-binary-format raw-in-base64-out.',
    };
  }
  const elsewhere = stored.find((each) => each.text === text);
  if (elsewhere) {
    return {
      observed: `the data under the partition key ${short(elsewhere.partitionKey)}`,
      hint: `Put it with --partition-key ${record['partition-key']}: the key decides about the shard, and with it about the order.`,
    };
  }
  const last = stored.at(-1);
  return { observed: last ? `other records only, the last one being ${short(last.text)}` : 'no records in the shard of this key' };
}
