import type { ShardRecord } from '../../kinesis/shard.ts';
import { Turn } from '../../turn.ts';
import type { BatchRecord } from './batch.ts';
import type { TumblingWindow } from './tumbling-window.ts';

/** Where records come from and whom they are for. */
export interface RecordSource {
  /** Of the stream, or of the consumer as which it is read. That AWS tells that of the consumer is unverified. */
  readonly sourceArn: string;
  readonly shardId: string;
  readonly region: string;
  /** The function's execution role. */
  readonly roleArn: string;
}

/** Writes records as they stand in the event (Lambda Developer Guide, "Using Lambda with Kinesis"). What all of one source have is written once. */
export function recordWriter(source: RecordSource): (record: ShardRecord) => BatchRecord {
  const rest = JSON.stringify({
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: source.roleArn,
    awsRegion: source.region,
    eventSourceARN: source.sourceArn,
  });
  return ({ position, sequenceNumber, arrival, partitionKey, data }) => {
    const kinesis = JSON.stringify({
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      approximateArrivalTimestamp: arrival / 1_000,
    });
    const id = `"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"${source.shardId}:${sequenceNumber}"`;
    return { position, sequenceNumber, arrival, json: `{"kinesis":${kinesis},${id},${rest.slice(1)}` };
  };
}

/** What an event says of the tumbling window that its records belong to. */
export interface WindowFrame extends TumblingWindow, Pick<RecordSource, 'shardId' | 'sourceArn'> {
  /** The window is over: the event has no records. */
  readonly final: boolean;
  /** It is over before its time. */
  readonly early: boolean;
}

/** The event of a batch, JSON in UTF-8. A large one takes its time. */
export async function kinesisEvent(records: readonly BatchRecord[], frame?: WindowFrame): Promise<Buffer> {
  const opening = '{"Records":[';
  const closing = frame === undefined ? ']}' : `],${frameText(frame)}`;
  const size = records.reduce((sum, { json }) => sum + Buffer.byteLength(json) + 1, opening.length + Buffer.byteLength(closing));
  const event = Buffer.allocUnsafeSlow(size);
  let length = event.write(opening);
  const turn = new Turn();
  for (const [index, { json }] of records.entries()) {
    if (turn.over) await turn.pass();
    if (index > 0) length += event.write(',', length);
    length += event.write(json, length);
  }
  length += event.write(closing, length);
  return event.subarray(0, length);
}

function frameText(frame: WindowFrame): string {
  const window = JSON.stringify({ start: seconds(frame.start), end: seconds(frame.end) });
  const rest = JSON.stringify({
    shardId: frame.shardId,
    eventSourceARN: frame.sourceArn,
    isFinalInvokeForWindow: frame.final,
    isWindowTerminatedEarly: frame.early,
  });
  return `"window":${window},"state":${frame.state},${rest.slice(1)}`;
}

/** `2026-11-24T09:00:00Z` */
function seconds(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Bytes of the largest event (Lambda Developer Guide, "Using Lambda with Kinesis"). */
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
