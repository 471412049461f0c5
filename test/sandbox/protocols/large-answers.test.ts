import * as sdk from '@aws-sdk/client-kinesis';
import { cbor } from '@smithy/core/cbor';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { describe, expect, it } from 'vitest';
import { Shard } from '../../../src/sandbox/kinesis/shard.ts';
import { inCbor } from '../../../src/sandbox/protocols/cbor.ts';
import { jsonRpc } from '../../../src/sandbox/protocols/json-rpc.ts';
import { ReadyJson } from '../../../src/sandbox/protocols/ready-json.ts';
import { operationShapes } from '../../../src/sandbox/protocols/schema.ts';
import { isReady, isWhole, type WireResponse } from '../../../src/sandbox/wire.ts';
import { wallClock } from '../../../src/util/clock.ts';
import { servedDuring } from '../../support/served.ts';

const operations = operationShapes(sdk);
const json = jsonRpc({ version: '1.1', target: 'Kinesis_20131202', operations });
const protocols = { json, cbor: inCbor(json) };

function operation(name: string) {
  const found = operations.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function shardOf(count: number, size: number) {
  const shard = new Shard({ clock: wallClock, retentionMs: 86_400_000, shardLimits: false }, 0, { start: 0n, end: 1n }, wallClock.now());
  for (let index = 0; index < count; index += 1) shard.append(`key "${index}"`, Buffer.alloc(size, index));
  return shard;
}

const all = { limit: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER };
const encrypted = () => true;

async function bytesOf({ body }: WireResponse): Promise<Buffer> {
  if (isReady(body)) return Buffer.from(body);
  const pieces: Uint8Array[] = [];
  if (isWhole(body)) pieces.push(...body);
  else for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Bytes as text, which is compared faster. */
function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The records of a shard as an answer should have them. */
function expected(shard: Shard) {
  return shard.read(0, all).records.map(({ sequenceNumber, arrival, partitionKey, data }) => ({
    SequenceNumber: sequenceNumber,
    ApproximateArrivalTimestamp: arrival,
    Data: text(data),
    PartitionKey: partitionKey,
    EncryptionType: 'KMS',
  }));
}

interface Plain extends Readonly<Record<string, unknown>> {
  readonly Data: Uint8Array;
  readonly ApproximateArrivalTimestamp: { readonly value: number };
}

function comparable(records: readonly Plain[]) {
  return records.map((record) => ({
    ...record,
    Data: text(record.Data),
    ApproximateArrivalTimestamp: record.ApproximateArrivalTimestamp.value,
  }));
}

describe('an answer in CBOR', () => {
  it('has long lists as they are, of records of all sizes', async () => {
    const shard = shardOf(700, 1_000);
    shard.append('large', Buffer.alloc(1_000_000, 'large'));
    const output = { Records: new ReadyJson(shard.readText(0, all, encrypted).records), MillisBehindLatest: 0, NextShardIterator: 'é' };
    const answer = await protocols.cbor.writeOutput(operation('GetRecords'), output, 'id');
    const bytes = await bytesOf(answer);
    expect(answer.headers['content-length']).toBe(String(bytes.length));
    const { Records, ...rest } = cbor.deserialize(bytes);
    expect(rest).toEqual({ MillisBehindLatest: 0, NextShardIterator: 'é' });
    expect(comparable(Records)).toEqual(expected(shard));
  });

  it('is made while others are served', async () => {
    const shard = shardOf(20_000, 10);
    const output = () => ({ Records: new ReadyJson(shard.readText(0, all, encrypted).records) });
    const write = async () => protocols.cbor.writeOutput(operation('GetRecords'), output(), 'id');
    expect(await servedDuring(write)).toBeGreaterThan(1);
  });
});

describe('a request in CBOR', () => {
  it('is read while others are served', async () => {
    const Records = Array.from({ length: 20_000 }, (_, index) => ({ PartitionKey: `key ${index}`, Data: Buffer.of(index & 255) }));
    const body = Buffer.from(cbor.serialize({ StreamName: 's', Records }));
    const request = { method: 'POST', path: '/', query: '', headers: {}, body };
    const read = async () => {
      const input = await protocols.cbor.readInput({ operation: operation('PutRecords'), labels: {} }, request);
      expect(input['StreamName']).toBe('s');
      const read = input['Records'] as typeof Records;
      expect(read.map(({ PartitionKey, Data }) => [PartitionKey, Data[0]])).toEqual(
        Records.map(({ PartitionKey, Data }) => [PartitionKey, Data[0]]),
      );
    };
    expect(await servedDuring(read)).toBeGreaterThan(1);
  });
});

describe('an event of a megabyte', () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    (text) => Buffer.from(text, 'utf8'),
  );

  /** Frames follow each other, each behind its length. */
  function* framesIn(bytes: Buffer) {
    for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) yield codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
  }

  it.each(['json', 'cbor'] as const)('comes in pieces in %s, between which others are served, and is whole', async (form) => {
    const shard = shardOf(1_500, 700);
    async function* events() {
      yield { SubscribeToShardEvent: { Records: new ReadyJson(shard.lookText(0, all, encrypted).records), MillisBehindLatest: 5 } };
    }
    const answer = await protocols[form].writeOutput(operation('SubscribeToShard'), { EventStream: events() }, 'id');
    let bytes: Buffer = Buffer.alloc(0);
    const served = await servedDuring(async () => {
      bytes = await bytesOf(answer);
    });
    expect(served).toBeGreaterThan(1);
    const [initial, event] = [...framesIn(bytes)];
    expect(initial?.headers[':event-type']?.value).toBe('initial-response');
    expect(event?.headers[':event-type']?.value).toBe('SubscribeToShardEvent');
    const body = Buffer.from(event?.body ?? []);
    const content = form === 'json' ? JSON.parse(body.toString()) : cbor.deserialize(body);
    expect(content.MillisBehindLatest).toBe(5);
    const records = form === 'cbor' ? content.Records : content.Records.map(fromJson);
    expect(comparable(records)).toEqual(expected(shard));
  });

  function fromJson(record: { readonly Data: string; readonly ApproximateArrivalTimestamp: number }) {
    const value = Math.round(record.ApproximateArrivalTimestamp * 1_000);
    return { ...record, Data: Buffer.from(record.Data, 'base64'), ApproximateArrivalTimestamp: { value } };
  }
});
