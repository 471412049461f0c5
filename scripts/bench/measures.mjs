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

// Of each answer, the client makes a copy for its log, whether anybody keeps one or not: a sixth of the time in which it reads
// a page of records. It does not if the log takes no such messages.
const logger = { debug() {}, warn() {}, error() {} };

export function clientOf({ endpoint, credentials }, sockets = callers) {
  const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: sockets }, socketTimeout: 60_000 });
  return new KinesisClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1, requestHandler, logger });
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

/**
 * Fills a stream with so many records.
 * @returns the megabytes that the server takes afterwards; undefined, and how many records there are, if it was not done in time
 */
export async function fill(running, { records, fillMs }) {
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
  client.destroy();
  if (left > 0) return { megabytes: undefined, filled: records - left * batch.length };
  const megabytes = running.memory();
  return { megabytes, added: megabytes - before, filled: records };
}

/** Turns in which a stream is read. The first calls of all are slow ones, of a client that is cold: they do not count. */
const parts = 5;

/** Records per second at which a stream that was filled is read, for each server. They take turns, for the same reason. */
export async function drain(servers, { records }) {
  const part = Math.ceil(records / parts);
  for (const running of servers) await (await Reader.of(running, 'full')).read(part);
  const readers = await Promise.all(servers.map((running) => Reader.of(running, 'full')));
  for (let turn = 0; turn < parts; turn += 1) for (const reader of readers) await reader.read(part);
  return readers.map(({ count, ms }) => ({ perSecond: (count * 1_000) / ms, read: count }));
}

/** Reads all shards of a stream at once, 10,000 records in each call, and on from there; not every server tells that a reader is behind. */
class Reader {
  count = 0;
  ms = 0;
  #running;
  #iterators;

  static async of(running, stream) {
    const reader = new Reader();
    reader.#running = running;
    reader.#iterators = await reader.#connected(async (client) => {
      const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream }));
      const from = { StreamName: stream, ShardIteratorType: 'TRIM_HORIZON' };
      const starts = Shards.map(({ ShardId }) => client.send(new GetShardIteratorCommand({ ...from, ShardId })));
      return (await Promise.all(starts)).map(({ ShardIterator }) => ShardIterator);
    });
    return reader;
  }

  /** Until so many more have been read, or there are no more. */
  async read(count) {
    const end = this.count + count;
    const began = performance.now();
    await this.#connected((client) => Promise.all(this.#iterators.map((_, shard) => this.#readShard(client, shard, end))));
    this.ms += performance.now() - began;
  }

  /** A server closes what nothing comes by while others have their turns, so each turn has connections of its own. */
  async #connected(work) {
    const client = clientOf(this.#running);
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }

  async #readShard(client, shard, end) {
    while (this.#iterators[shard] !== undefined && this.count < end) {
      const page = new GetRecordsCommand({ ShardIterator: this.#iterators[shard], Limit: 10_000 });
      const { Records = [], NextShardIterator } = await client.send(page);
      this.count += Records.length;
      this.#iterators[shard] = Records.length === 0 ? undefined : NextShardIterator;
    }
  }
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
