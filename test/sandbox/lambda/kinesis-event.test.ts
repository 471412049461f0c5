import { describe, expect, it } from 'vitest';
import { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { fitting, kinesisEvent, largestEvent, RecordWriter } from '../../../src/sandbox/lambda/mappings/kinesis-event.ts';
import { wallClock } from '../../../src/util/clock.ts';
import { servedDuring } from '../../support/served.ts';

const source = {
  sourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/é',
  shardId: 'shardId-000000000000',
  region: 'us-east-1',
  roleArn: 'r',
};
const writer = new RecordWriter(source);

function recordsOf(keysAndData: readonly (readonly [key: string, data: Uint8Array])[]) {
  const shard = new Shard({ clock: wallClock, retentionMs: 86_400_000, shardLimits: false }, 0, { start: 0n, end: 1n }, wallClock.now());
  for (const [key, data] of keysAndData) shard.append(key, data);
  return shard.read(0, { limit: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER }).records;
}

describe('The event of a batch', () => {
  it('has each record as it was put, whatever its key and however large', async () => {
    const put = [
      ['"quoted" \\ \u0001', Buffer.from('one')],
      ['schlüssel ☃ 🎿', Buffer.alloc(0)],
      ['large', Buffer.alloc(200_000, 'large')],
    ] as const;
    const records = recordsOf(put);
    const event = await kinesisEvent(records, writer);
    const { Records } = JSON.parse(event.toString());
    expect(Records.map(({ kinesis }: (typeof Records)[number]) => [kinesis.partitionKey, Buffer.from(kinesis.data, 'base64')])).toEqual(
      put,
    );
    for (const [index, { eventID, kinesis, eventSourceARN }] of Records.entries()) {
      const { sequenceNumber = '', arrival = 0 } = records[index] ?? {};
      expect(eventID).toBe(`shardId-000000000000:${sequenceNumber}`);
      expect([kinesis.sequenceNumber, kinesis.approximateArrivalTimestamp]).toEqual([sequenceNumber, arrival / 1_000]);
      expect(eventSourceARN).toBe(source.sourceArn);
    }
    // No more than was said before it was made, and no less.
    const lengths = records.map((record) => writer.lengthOf(record));
    expect(event.length).toBe('{"Records":[]}'.length + lengths.reduce((sum, length) => sum + length) + records.length - 1);
  });

  it('takes no more than fits, and one record at least', async () => {
    const records = recordsOf([1, 1, 3, 1].map((mebibytes) => ['key', Buffer.alloc(mebibytes * 1024 * 1024)] as const));
    expect(await fitting(records, writer)).toBe(2);
    const [first, second] = [
      (await kinesisEvent(records.slice(0, 2), writer)).length,
      (await kinesisEvent(records.slice(0, 3), writer)).length,
    ];
    expect(first).toBeLessThan(largestEvent);
    expect(second).toBeGreaterThan(largestEvent);
    expect(await fitting(recordsOf([['key', Buffer.alloc(6 * 1024 * 1024)]]), writer)).toBe(1);
  });

  it('is made while others are served', async () => {
    const records = recordsOf(Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, Buffer.alloc(100)] as const));
    expect(await servedDuring(() => kinesisEvent(records, writer))).toBeGreaterThan(1);
  });
});
