import { crc32 } from 'node:zlib';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../error.ts';
import { nextTurn } from '../turn.ts';
import { bodyLength, isReady, type WholeBody } from '../wire.ts';
import { writeJson } from './json-shape.ts';
import { jsonText } from './ready-json.ts';
import type { OperationShape } from './schema.ts';

/** How the payloads of events are written. */
interface EventPayloads {
  readonly contentType: string;
  /**
   * @param shape absent for an error, and where there is nothing
   * @param content as a handler gives it
   */
  write(shape: NormalizedSchema | undefined, content: Readonly<Record<string, unknown>>): WholeBody | Promise<WholeBody>;
}

const jsonPayloads: EventPayloads = {
  contentType: 'application/x-amz-json-1.1',
  write: (shape, content) => jsonText(content, (rest) => JSON.stringify(shape === undefined ? rest : writeJson(shape, rest))),
};

interface EventStream {
  readonly member: string;
  readonly events: NormalizedSchema;
}

/** Looked for when an operation answers for the first time, and then kept. */
const streams = new WeakMap<OperationShape, EventStream | 'none'>();

/** The member of an operation's output that is a stream of events, if there is one: its name, and the shapes of the events. */
export function eventStreamOf(operation: OperationShape): EventStream | undefined {
  const known = streams.get(operation) ?? findEventStream(operation) ?? 'none';
  streams.set(operation, known);
  return known === 'none' ? undefined : known;
}

function findEventStream({ output }: OperationShape): EventStream | undefined {
  if (!output.isStructSchema()) return undefined;
  for (const [member, shape] of output.structIterator()) {
    if (shape.isStructSchema() && shape.getMergedTraits().streaming) return { member, events: shape };
  }
  return undefined;
}

/**
 * The frames of a stream of events. boto3 wants the first one to be an initial response, which holds
 * what the output has besides the stream.
 * @param output each event in it has one member, which says what kind of event it is: `{ SubscribeToShardEvent: … }`. When it
 * throws an `AwsError`, that is the last frame.
 */
export async function* eventStreamFrames(
  { member, events }: EventStream,
  output: Readonly<Record<string, unknown>>,
  { contentType, write }: EventPayloads = jsonPayloads,
): AsyncGenerator<Uint8Array> {
  const source = output[member] as AsyncIterable<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
  const shapes = new Map(events.structIterator());
  const typed = (headers: Readonly<Record<string, string>>) => ({ ...headers, ':content-type': contentType });
  yield* frame(typed({ ':message-type': 'event', ':event-type': 'initial-response' }), await write(undefined, {}));
  try {
    for await (const element of source) {
      for (const [type, content] of Object.entries(element)) {
        const shape = shapes.get(type);
        if (shape === undefined) throw new Error(`The event stream has no event ${type}.`);
        const payload = await write(shape, content);
        for (const piece of frame(typed({ ':message-type': 'event', ':event-type': type }), payload)) {
          yield piece;
          if (bodyLength(payload) > mostAtOnce) await nextTurn();
        }
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const content = { message: error.message, ...error.members };
    yield* frame(typed({ ':message-type': 'exception', ':exception-type': error.code }), await write(undefined, content));
  }
}

/** An event that is larger is sent in pieces, while others have their turn. */
const mostAtOnce = 64 * 1024;
/** Marks the value of a header as text. */
const textType = 7;
/** Bytes of a frame besides its headers and its payload: two lengths and two check sums. */
const framing = 16;

/**
 * AWS event stream encoding ("Amazon Event Stream Encoding" of the SDKs): each event is a frame with headers, a payload and check
 * sums, the last of which is over all that comes before it.
 */
function* frame(headers: Readonly<Record<string, string>>, payload: WholeBody): Generator<Uint8Array> {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [...textOf(name, 1), Buffer.of(textType), ...textOf(value, 2)]),
  );
  const lengths = Buffer.concat([number(framing + head.length + bodyLength(payload), 4), number(head.length, 4)]);
  const start = Buffer.concat([lengths, number(crc32(lengths), 4), head]);
  let sum = crc32(start);
  yield start;
  for (const piece of isReady(payload) ? [Buffer.from(payload)] : payload) {
    sum = crc32(piece, sum);
    yield piece;
  }
  yield number(sum, 4);
}

/** A text behind its length, a number of so many bytes. */
function textOf(text: string, lengthBytes: number): readonly Buffer[] {
  const bytes = Buffer.from(text);
  return [number(bytes.length, lengthBytes), bytes];
}

function number(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
