import type { ShardRecord } from '../../kinesis/shard.ts';
import type { BatchRecord } from './batch.ts';

/** Where records come from and whom they are for. */
export interface RecordSource {
  readonly streamArn: string;
  readonly shardId: string;
  readonly region: string;
  /** The function's execution role. */
  readonly roleArn: string;
}

/** A record as it stands in the event (aws-behaviour 3.3). */
export function batchRecord(record: ShardRecord, source: RecordSource): BatchRecord {
  const { position, sequenceNumber, arrival, partitionKey, data } = record;
  const json = JSON.stringify({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrival / 1_000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${source.shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: source.roleArn,
    awsRegion: source.region,
    eventSourceARN: source.streamArn,
  });
  return { position, sequenceNumber, arrival, json };
}

/** The event of a batch. */
export function kinesisEvent(records: readonly BatchRecord[]): Uint8Array {
  return Buffer.from(`{"Records":[${records.map(({ json }) => json).join(',')}]}`);
}

/** Bytes of the largest event (aws-behaviour 3.4). */
export const largestEvent = 6 * 1_048_576;

/** How many of the records fit into one event; one at least. */
export function fitting(records: readonly BatchRecord[]): number {
  let bytes = 0;
  for (const [index, { json }] of records.entries()) {
    bytes += Buffer.byteLength(json) + 1;
    if (bytes > largestEvent && index > 0) return index;
  }
  return records.length;
}
