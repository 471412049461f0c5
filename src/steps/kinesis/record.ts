import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Aws } from '../../aws/aws.ts';
import { jsonIn } from '../../util/json.ts';
import { short } from '../../util/text.ts';
import { type Position, positionAt, readOn, type StoredRecord, shardsOf } from './shard-reading.ts';

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

/** Data that is not that of the record, and of the same kind. */
export function otherData({ data }: NewRecord): NewRecord['data'] {
  return typeof data === 'string' ? 'Other data' : { other: 'data' };
}

/**
 * All records that the shards of these partition keys hold, oldest first in each shard. `undefined` when there is no such
 * stream. A shard that holds more than a lab ever puts is read to a bound.
 */
export async function storedRecords(aws: Aws, stream: string, partitionKeys: readonly string[]): Promise<StoredRecord[] | undefined> {
  const listed = await shardsOf(aws, stream);
  if (listed === undefined) return undefined;
  const hashes = [...new Set(partitionKeys)].map(hashOf);
  const shards = listed.filter(({ HashKeyRange }) => {
    const [first, last] = [BigInt(HashKeyRange?.StartingHashKey ?? 0), BigInt(HashKeyRange?.EndingHashKey ?? 0)];
    return hashes.some((hash) => first <= hash && hash <= last);
  });
  const records: StoredRecord[] = [];
  for (const { ShardId, SequenceNumberRange } of shards) {
    if (ShardId === undefined) continue;
    // A stream that was deleted and made anew has shards of the same names, which begin elsewhere.
    records.push(...(await readUp(aws, stream, ShardId, SequenceNumberRange?.StartingSequenceNumber ?? '')));
  }
  return records;
}

/** As far as a shard was read. */
interface ReadUp {
  readonly records: readonly StoredRecord[];
  readonly next: Position;
}

const seen = new WeakMap<Aws, Map<string, ReadUp>>();

/**
 * The records of a shard. What a session has read it does not read again: a record never changes, and a shard gives out no more
 * than 2 MiB a second, in no more than five reads (Kinesis quotas), which a few steps that look through it would soon use up.
 */
async function readUp(aws: Aws, stream: string, shard: string, begin: string): Promise<readonly StoredRecord[]> {
  const shards = seen.get(aws) ?? new Map<string, ReadUp>();
  seen.set(aws, shards);
  const key = JSON.stringify([stream, shard, begin]);
  const known = shards.get(key);
  const from = known?.next ?? (await positionAt(aws, stream, shard, { ShardIteratorType: 'TRIM_HORIZON' }));
  const { records: added, next } = await readOn(aws, from);
  const records = [...(known?.records ?? []), ...added];
  shards.set(key, { records, next });
  return records;
}

/** MD5 of the partition key as a number, which decides about the shard (Kinesis API reference). */
function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

/** Whether a record that holds this text is the one. JSON that somebody typed may have its spaces elsewhere. */
function isData({ data }: NewRecord, text: string): boolean {
  return typeof data === 'string' ? text === data : isDeepStrictEqual(jsonIn(text), data);
}

/** The stored record for each new one, each stored record counted once; `undefined` where there is none. */
export function matched(records: readonly NewRecord[], stored: readonly StoredRecord[]): (StoredRecord | undefined)[] {
  const left = [...stored];
  return records.map((record) => {
    const index = left.findIndex((each) => isRecord(each, record));
    return index < 0 ? undefined : left.splice(index, 1)[0];
  });
}

/** Whether a stored record has the partition key and the data of a new one. */
export function isRecord(stored: StoredRecord, record: NewRecord): boolean {
  return stored.partitionKey === record['partition-key'] && isData(record, stored.text);
}

function withoutQuotes(text: string): string {
  return text.replace(/["'\s]/g, '');
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
  const requoted = stored.find((each) => withoutQuotes(each.text) === withoutQuotes(text) && !isData(record, each.text));
  if (requoted) {
    return {
      observed: `the data with other quotes: ${short(requoted.text)}`,
      hint: 'A shell takes quotes away. Put the JSON in single quotes, with its own double ones inside; on Windows, put it into a file and write --data fileb://record.json.',
    };
  }
  const elsewhere = stored.find((each) => isData(record, each.text));
  if (elsewhere) {
    return {
      observed: `the data under the partition key ${short(elsewhere.partitionKey)}`,
      hint: `Put it with --partition-key ${record['partition-key']}: the key decides about the shard, and with it about the order.`,
    };
  }
  const last = stored.at(-1);
  return { observed: last ? `other records only, the last one being ${short(last.text)}` : 'no records in the shard of this key' };
}
