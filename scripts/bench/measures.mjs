// What is measured of each server, with the AWS SDK over HTTP/1.1, which all of them speak.
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const shards = 4;
const callers = 8;
const batch = Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: Buffer.alloc(100, 'x') }));
const warmUpMs = 1_500;

export function clientOf({ endpoint, credentials }, sockets = callers) {
  const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: sockets }, socketTimeout: 60_000 });
  return new KinesisClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1, requestHandler });
}

export async function createStream(client, name, count = shards) {
  await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: count }));
  for (let looks = 0; looks < 600; looks += 1) {
    const { StreamDescriptionSummary: summary } = await client.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    if (summary?.StreamStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The stream ${name} does not become ACTIVE.`);
}

const rounds = 10;

/**
 * Milliseconds that one PutRecord takes on one connection: the median and the 99th percentile, for each server. They are a
 * fraction of a millisecond, and a machine is not as fast in one second as in the next, so the servers take turns.
 */
export async function putRecord(servers, { ms }) {
  const clients = servers.map((running) => clientOf(running, 1));
  const put = (client) => client.send(new PutRecordCommand({ StreamName: 'single', PartitionKey: '1', Data: batch[0].Data }));
  for (const client of clients) {
    await createStream(client, 'single', 1);
    await repeat(() => put(client), warmUpMs);
  }
  const times = clients.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, client] of clients.entries()) times[index].push(...(await repeat(() => put(client), ms / rounds)));
  }
  for (const client of clients) client.destroy();
  return times.map((taken) => ({ p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) }));
}

/** Records per second that eight callers put, 500 of 100 bytes in each call. */
export async function putRecords(running, { ms }) {
  const client = clientOf(running);
  await createStream(client, 'batches');
  const put = putBatch(client, 'batches');
  await atOnce(callers, () => repeat(put, warmUpMs));
  const began = performance.now();
  const calls = (await atOnce(callers, () => repeat(put, ms))).flat().length;
  const rate = (calls * batch.length * 1_000) / (performance.now() - began);
  client.destroy();
  return { perSecond: rate };
}

/** Fills a stream with so many records, measures what they take in memory, and reads all of them. */
export async function fillAndDrain(running, { records, fillMs }) {
  const client = clientOf(running);
  await createStream(client, 'full');
  const before = running.memory();
  const put = putBatch(client, 'full');
  let left = Math.ceil(records / batch.length);
  const deadline = performance.now() + fillMs;
  await atOnce(callers, async () => {
    while (left > 0 && performance.now() < deadline) {
      left -= 1;
      await put();
    }
  });
  if (left > 0) {
    client.destroy();
    return { megabytes: undefined, perSecond: undefined, filled: records - left * batch.length };
  }
  const megabytes = running.memory();
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'full' }));
  const began = performance.now();
  const read = await drain(client, 'full', Shards, records);
  const perSecond = (read * 1_000) / (performance.now() - began);
  client.destroy();
  return { megabytes, added: megabytes - before, perSecond, read };
}

/** Reads all shards at once, 10,000 records in each call, until so many have been read; not every server tells that a reader is behind. */
async function drain(client, stream, shards, records) {
  let left = records;
  const readShard = async ({ ShardId }) => {
    const start = await client.send(new GetShardIteratorCommand({ StreamName: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' }));
    let iterator = start.ShardIterator;
    while (iterator && left > 0) {
      const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
      if (Records.length === 0) return;
      left -= Records.length;
      iterator = NextShardIterator;
    }
  };
  await Promise.all(shards.map(readShard));
  return records - left;
}

function putBatch(client, stream) {
  return () => client.send(new PutRecordsCommand({ StreamName: stream, Records: batch }));
}

/** Does something again and again for a while. @returns how long each took, in milliseconds */
async function repeat(work, ms) {
  const times = [];
  const end = performance.now() + ms;
  for (let began = performance.now(); began < end; began = performance.now()) {
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

function atOnce(count, work) {
  return Promise.all(Array.from({ length: count }, work));
}

export function percentile(times, share) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
