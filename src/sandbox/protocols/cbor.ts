import type { NormalizedSchema } from '@smithy/core/schema';
import { commonJs } from '../../util/commonjs.ts';
import { isMapping } from '../../util/json.ts';
import { atOnce, isWhole, type WireRequest, type WireResponse } from '../wire.ts';
import { readCbor, Tagged } from './cbor-reader.ts';
import { eventStreamFrames, eventStreamOf } from './event-stream.ts';
import { serializationError } from './json-shape.ts';
import type { Protocol } from './protocol.ts';

const { cbor, tag } = commonJs<typeof import('@smithy/core/cbor')>('@smithy/core/cbor');

const contentType = 'application/x-amz-cbor-1.1';
/** Of RFC 8949: a time. AWS counts milliseconds in it, and no seconds (recorded from Kinesis). */
const timeTag = 1;

/**
 * The same protocol with CBOR in place of JSON, as the AWS SDKs for Java speak to Kinesis: blobs are byte strings, times
 * are tagged milliseconds, everything else is as in JSON, errors included.
 */
export function inCbor(json: Protocol): Protocol {
  return {
    ...json,
    readInput: (route, request) => json.readInput(route, inJson(request)),
    writeOutput(operation, output, requestId) {
      const answer = json.writeOutput(operation, output, requestId);
      const stream = eventStreamOf(operation);
      if (stream === undefined) return translated(answer, operation.output);
      const source = output[stream.member] as AsyncIterable<Readonly<Record<string, unknown>>>;
      // That events have payloads of CBOR as well is unverified.
      const write = (shape: NormalizedSchema | undefined, content: unknown) => cbor.serialize(fromJson(content, shape));
      return { ...answer, body: eventStreamFrames(stream.events, source, { contentType, write }) };
    },
    writeError: (error, requestId) => translated(json.writeError(error, requestId), undefined),
  };
}

/** @throws {AwsError} SerializationException */
function inJson(request: WireRequest): WireRequest {
  return { ...request, body: Buffer.from(JSON.stringify(toJson(readValue(request.body)))) };
}

/** @throws {AwsError} SerializationException */
function readValue(body: Buffer): unknown {
  try {
    return readCbor(body);
  } catch (error) {
    throw error instanceof SyntaxError ? serializationError() : error;
  }
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (value instanceof Tagged) return value.tag === timeTag ? Number(value.value) / 1000 : toJson(value.value);
  if (Array.isArray(value)) return value.map(toJson);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** @param shape absent for what has only strings in it */
function translated(answer: WireResponse, shape: NormalizedSchema | undefined): WireResponse {
  const text = isWhole(answer.body) ? Buffer.from(atOnce(answer.body)).toString('utf8') : '';
  const body = text === '' ? Buffer.alloc(0) : cbor.serialize(fromJson(JSON.parse(text), shape));
  return { ...answer, headers: { ...answer.headers, 'content-type': contentType, 'content-length': String(body.byteLength) }, body };
}

function fromJson(value: unknown, shape: NormalizedSchema | undefined): unknown {
  if (shape === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, shape.getValueSchema()));
  if (shape.isBlobSchema()) return Buffer.from(String(value), 'base64');
  if (shape.isTimestampSchema()) return tag({ tag: timeTag, value: Math.round(Number(value) * 1000) });
  if (!isMapping(value)) return value;
  const memberShape = (name: string) => (shape.isStructSchema() ? shape.getMemberSchema(name) : shape.getValueSchema());
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item, memberShape(name))]));
}
