import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

const kinesis = new KinesisClient();

// What one PutRecords takes: so many records, and so many bytes of data and partition keys.
const mostRecords = 500;
const mostBytes = 10 * 1024 * 1024;

// What is kept back to end in good order before Lambda ends the function, in milliseconds.
const reserve = 2000;

/**
 * Puts readings of devices into the stream.
 * `run` is the name of this run, `count` the number of readings, `trace` the length of the curve that each one carries. The
 * partition key is the device, or `key` for all. `perCall` is the number of records of one PutRecords.
 */
export const handler = async ({ run, count = 100, devices = 32, trace = 0, key, perCall = mostRecords }, context) => {
  const records = Array.from({ length: count }, (_, number) => {
    const device = `device-${number % devices}`;
    const reading = { device, number, run, put: Date.now(), trace: '~'.repeat(trace) };
    return { PartitionKey: key ?? device, Data: Buffer.from(JSON.stringify(reading)) };
  });
  const tally = { calls: 0, refused: 0, perShard: {} };
  await Promise.all(batches(records, perCall).map((batch) => putAll(batch, tally, context)));
  const shards = Object.keys(tally.perShard).length;
  const summary = { run, records: count, shards, ...tally };
  console.log(JSON.stringify(summary));
  return summary;
};

/** Cuts records into batches that one PutRecords can take. */
function batches(records, perCall) {
  const all = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const size = record.Data.length + Buffer.byteLength(record.PartitionKey);
    if (bytes + size > mostBytes || all.at(-1).length === perCall) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1).push(record);
    bytes += size;
  }
  return all;
}

/** Puts a batch, and again what of it was refused, after pauses that grow. */
async function putAll(batch, tally, context) {
  let left = batch;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: process.env.STREAM_NAME, Records: left }));
    tally.calls += 1;
    tally.refused += answer.FailedRecordCount;
    for (const { ShardId } of answer.Records) {
      if (ShardId !== undefined) tally.perShard[ShardId] = (tally.perShard[ShardId] ?? 0) + 1;
    }
    // The answer has one entry for each record of the request, in the same order.
    left = left.filter((_, index) => answer.Records[index].ErrorCode !== undefined);
    if (left.length === 0) return;
    if (context.getRemainingTimeInMillis() < reserve) throw new Error(`${left.length} records were refused to the end.`);
    // A random pause, so that batches that were refused together do not come back together.
    await sleep(Math.random() * Math.min(2000, 100 * 2 ** attempt));
  }
}
