import { base64Length, timeText } from '../../kinesis/page-writer.ts';
import { sequenceDigits } from '../../kinesis/sequence-number.ts';
import type { ShardRecord } from '../../kinesis/shard-record.ts';
import { Turn } from '../../turn.ts';
import { type PollContext, roleOf } from './poll-context.ts';
import type { TumblingWindow } from './tumbling-window.ts';

/** Where records come from and whom they are for. */
interface RecordSource {
  /** Of the stream, or of the consumer as which it is read. That AWS tells that of the consumer is unverified. */
  readonly sourceArn: string;
  readonly shardId: string;
  readonly region: string;
  /** The function's execution role. */
  readonly roleArn: string;
}

/** Writes records as they stand in the event (Lambda Developer Guide, "Using Lambda with Kinesis"). */
export class RecordWriter {
  /** What all records of one source have. */
  readonly #id: string;
  readonly #rest: string;
  readonly #fixedLength: number;

  constructor(source: RecordSource) {
    const rest = JSON.stringify({
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: source.roleArn,
      awsRegion: source.region,
      eventSourceARN: source.sourceArn,
    });
    this.#id = `},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"${source.shardId}:`;
    this.#rest = `",${rest.slice(1)}`;
    const fixed = opening + afterKey + afterNumber + afterData + this.#id + this.#rest;
    this.#fixedLength = Buffer.byteLength(fixed) + 2 * sequenceDigits;
  }

  /** How many bytes a record has in an event. */
  lengthOf({ partitionKey, arrival, data }: ShardRecord): number {
    const key = JSON.stringify(partitionKey);
    return this.#fixedLength + Buffer.byteLength(key) + base64Length(data.byteLength) + timeText(arrival).length;
  }

  /** In two parts: what stands before the data's base64, and what stands behind it. */
  around({ partitionKey, sequenceNumber, arrival }: ShardRecord): readonly [before: string, behind: string] {
    return [
      opening + JSON.stringify(partitionKey) + afterKey + sequenceNumber + afterNumber,
      afterData + timeText(arrival) + this.#id + sequenceNumber + this.#rest,
    ];
  }
}

const opening = '{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":';
const afterKey = ',"sequenceNumber":"';
const afterNumber = '","data":"';
const afterData = '","approximateArrivalTimestamp":';

/** A writer of what a mapping reads from a shard. */
export function recordWriter(context: PollContext, shardId: string): RecordWriter {
  const { scope, source } = context;
  return new RecordWriter({ sourceArn: source.arn, shardId, region: scope.region, roleArn: roleOf(context) ?? '' });
}

/** What an event says of the tumbling window that its records belong to. */
export interface WindowFrame extends TumblingWindow, Pick<RecordSource, 'shardId' | 'sourceArn'> {
  /** The window is over: the event has no records. */
  readonly final: boolean;
  /** It is over before its time. */
  readonly early: boolean;
}

/** Bytes of data that become base64 at a time; three of them are four digits. */
const stepBytes = 192 * 1024;

/** The event of a batch, JSON in UTF-8. A large one takes its time. */
export async function kinesisEvent(records: readonly ShardRecord[], writer: RecordWriter, frame?: WindowFrame): Promise<Buffer> {
  const start = '{"Records":[';
  const end = frame === undefined ? ']}' : `],${frameText(frame)}`;
  const turn = new Turn();
  let size = start.length + Buffer.byteLength(end) + Math.max(0, records.length - 1);
  for (const record of records) {
    if (turn.over) await turn.pass();
    size += writer.lengthOf(record);
  }
  const event = Buffer.allocUnsafeSlow(size);
  let length = event.write(start);
  for (const [index, record] of records.entries()) {
    if (turn.over) await turn.pass();
    const { data } = record;
    const [before, behind] = writer.around(record);
    length += event.write(index > 0 ? `,${before}` : before, length);
    for (let from = 0; from < data.byteLength; from += stepBytes) {
      if (turn.over) await turn.pass();
      const part = Buffer.from(data.buffer, data.byteOffset + from, Math.min(stepBytes, data.byteLength - from));
      length += event.write(part.toString('base64'), length, 'latin1');
    }
    length += event.write(behind, length);
  }
  event.write(end, length);
  return event;
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
export async function fitting(records: readonly ShardRecord[], writer: RecordWriter): Promise<number> {
  const turn = new Turn();
  let bytes = 0;
  for (const [index, record] of records.entries()) {
    if (turn.over) await turn.pass();
    bytes += writer.lengthOf(record) + 1;
    if (bytes > largestEvent && index > 0) return index;
  }
  return records.length;
}
