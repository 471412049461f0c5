import { randomUUID } from 'node:crypto';
import type { NormalizedSchema } from '@smithy/core/schema';
import { commonJs } from '../../util/commonjs.ts';
import { isMapping } from '../../util/json.ts';
import { pieceBytes } from '../piece.ts';
import { Turn } from '../turn.ts';
import { atOnce, bodyLength, isWhole, type Pieces, type WholeBody, type WireResponse } from '../wire.ts';
import { readCbor, Tagged } from './cbor-reader.ts';
import { eventStreamFrames, eventStreamOf } from './event-stream.ts';
import { readJson, serializationError, shapeWriter } from './json-shape.ts';
import type { Protocol } from './protocol.ts';
import { ReadyJson } from './ready-json.ts';

const { cbor, tag } = commonJs<typeof import('@smithy/core/cbor')>('@smithy/core/cbor');

const contentType = 'application/x-amz-cbor-1.1';
/** Of RFC 8949: a time. AWS counts milliseconds in it, and no seconds (recorded from Kinesis). */
const timeTag = 1;
/** Types of RFC 8949. */
const list = 4;
const map = 5;

/**
 * The same protocol with CBOR in place of JSON, as the AWS SDKs for Java speak to Kinesis: blobs are byte strings, times
 * are tagged milliseconds, everything else is as in JSON, errors included.
 */
export function inCbor(json: Protocol): Protocol {
  return {
    ...json,
    async readInput({ operation }, { body }) {
      const texts = new Map<string, Buffer>();
      return readJson(operation.input, toJson(await readValue(body), randomUUID(), texts), texts) as Record<string, unknown>;
    },
    async writeOutput(operation, output, requestId) {
      // Its head: the text is not made of what nobody reads in JSON.
      const answer = await json.writeOutput(operation, {}, requestId);
      const stream = eventStreamOf(operation);
      if (stream === undefined) {
        return withBody(answer, operation.output.isUnitSchema() ? Buffer.alloc(0) : await written(operation.output, output));
      }
      // That events have payloads of CBOR as well is unverified.
      const payloads = { contentType, write: written };
      return { ...answer, body: eventStreamFrames(stream, output, payloads) };
    },
    writeError(error, requestId) {
      const answer = json.writeError(error, requestId);
      const text = isWhole(answer.body) ? Buffer.from(atOnce(answer.body)).toString('utf8') : '';
      return withBody(answer, cbor.serialize(JSON.parse(text)));
    },
  };
}

function withBody(answer: WireResponse, body: WholeBody): WireResponse {
  return { ...answer, headers: { ...answer.headers, 'content-type': contentType, 'content-length': String(bodyLength(body)) }, body };
}

/** @throws {AwsError} SerializationException */
async function readValue(body: Buffer): Promise<unknown> {
  try {
    return await readCbor(body);
  } catch (error) {
    throw error instanceof SyntaxError ? serializationError() : error;
  }
}

/** As it would stand in JSON, with a mark in the place of each string of bytes, which go into `texts`. */
function toJson(value: unknown, mark: string, texts: Map<string, Buffer>): unknown {
  if (value instanceof Buffer) {
    const name = `${mark} ${texts.size}`;
    texts.set(name, value);
    return name;
  }
  if (value instanceof Tagged) return value.tag === timeTag ? Number(value.value) / 1000 : toJson(value.value, mark, texts);
  if (Array.isArray(value)) return value.map((item) => toJson(item, mark, texts));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item, mark, texts)]));
}

const write = shapeWriter({
  blob: (bytes) => bytes,
  timestamp: (date) => tag({ tag: timeTag, value: date.getTime() }),
});

/** What a handler answered, long lists in steps. @param shape absent for what has only strings in it */
async function written(shape: NormalizedSchema | undefined, content: Readonly<Record<string, unknown>>): Promise<Pieces> {
  const members = Object.entries(content);
  const rest = Object.fromEntries(members.filter(([, value]) => !(value instanceof ReadyJson)));
  const others = Object.entries(shape === undefined ? rest : (write(shape, rest) as object));
  const lists = shape === undefined ? [] : members.filter((member): member is [string, ReadyJson] => member[1] instanceof ReadyJson);
  const pieces: Uint8Array[] = [head(map, lists.length + others.length)];
  for (const [name, { text }] of lists) {
    const { count, items } = await writtenItems(shape?.getMemberSchema(name).getValueSchema(), text.elements());
    pieces.push(cbor.serialize(name), head(list, count), ...items);
  }
  for (const [name, value] of others) pieces.push(cbor.serialize(name), cbor.serialize(value));
  return { byteLength: pieces.reduce((sum, { byteLength }) => sum + byteLength, 0), [Symbol.iterator]: () => pieces[Symbol.iterator]() };
}

async function writtenItems(shape: NormalizedSchema | undefined, elements: Iterable<object>) {
  const turn = new Turn();
  const items: Uint8Array[] = [];
  let [count, bytes] = [0, 0];
  let piece: Uint8Array[] = [];
  for (const element of elements) {
    if (turn.over) await turn.pass();
    const item = cbor.serialize(shape === undefined ? element : write(shape, element));
    piece.push(item);
    count += 1;
    bytes += item.byteLength;
    if (bytes < pieceBytes) continue;
    items.push(Buffer.concat(piece));
    [piece, bytes] = [[], 0];
  }
  items.push(Buffer.concat(piece));
  return { count, items };
}

/** What stands before the items of a list or a map. */
function head(type: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  // The length in four bytes, however small it is.
  bytes.writeUInt8((type << 5) | 26);
  bytes.writeUInt32BE(count, 1);
  return bytes;
}
