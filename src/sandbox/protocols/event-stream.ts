import type { NormalizedSchema } from '@smithy/core/schema';
import { commonJs } from '../../util/commonjs.ts';
import { AwsError } from '../error.ts';
import { writeJson } from './json-shape.ts';
import type { OperationShape } from './schema.ts';

/** How the payloads of events are written. */
interface EventPayloads {
  readonly contentType: string;
  /**
   * @param shape absent for an error, and where there is nothing
   * @param content as it would be in JSON
   */
  write(shape: NormalizedSchema | undefined, content: unknown): Uint8Array;
}

const jsonPayloads: EventPayloads = {
  contentType: 'application/x-amz-json-1.1',
  write: (_shape, content) => Buffer.from(JSON.stringify(content), 'utf8'),
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
 * @param source each element has one member, which says what kind of event it is: `{ SubscribeToShardEvent: … }`. When it
 * throws an `AwsError`, that is the last frame.
 */
export async function* eventStreamFrames(
  events: NormalizedSchema,
  source: AsyncIterable<Readonly<Record<string, unknown>>>,
  payloads: EventPayloads = jsonPayloads,
): AsyncGenerator<Uint8Array> {
  const shapes = new Map(events.structIterator());
  const frame = await frameWriter(payloads.contentType);
  yield frame({ ':message-type': 'event', ':event-type': 'initial-response' }, payloads.write(undefined, {}));
  try {
    for await (const element of source) {
      for (const [type, content] of Object.entries(element)) {
        const shape = shapes.get(type);
        if (shape === undefined) throw new Error(`The event stream has no event ${type}.`);
        yield frame({ ':message-type': 'event', ':event-type': type }, payloads.write(shape, writeJson(shape, content)));
      }
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const content = { message: error.message, ...error.members };
    yield frame({ ':message-type': 'exception', ':exception-type': error.code }, payloads.write(undefined, content));
  }
}

/** AWS event stream encoding ("Amazon Event Stream Encoding" of the SDKs): each event is a frame with headers, a payload and check sums. */
async function frameWriter(contentType: string) {
  const { EventStreamCodec } = commonJs<typeof import('@smithy/core/event-streams')>('@smithy/core/event-streams');
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    (text) => Buffer.from(text, 'utf8'),
  );
  return (headers: Readonly<Record<string, string>>, body: Uint8Array): Uint8Array => {
    const all = { ...headers, ':content-type': contentType };
    return codec.encode({
      headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { type: 'string' as const, value }])),
      body,
    });
  };
}
