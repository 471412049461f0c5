import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../error.ts';

type Convert = (value: unknown) => unknown;
type Read = (value: unknown, texts: Texts) => unknown;
/** The bytes of strings of base64 that were taken out of a body, by the mark that stands in their place. */
type Texts = ReadonlyMap<string, Buffer>;

const noTexts: Texts = new Map();

/**
 * Readers of JSON bodies, made once for each shape and then kept, as writers are: the schema is walked when the first
 * request comes, not for each record of each request.
 */
const readers = new WeakMap<object, Read>();

/**
 * Turns parsed JSON into what handlers take: blobs are bytes, timestamps are dates, `null` is absent. Members that the
 * shape does not have are ignored.
 * @param texts the bytes of strings of base64, by the marks that stand in their place
 * @throws {AwsError} SerializationException, in the words of Kinesis (texts recorded from Kinesis).
 */
export function readJson(shape: NormalizedSchema, value: unknown, texts = noTexts): unknown {
  return reader(shape)(value, texts);
}

/** Turns what a handler returned into plain data for `JSON.stringify`: bytes become base64, dates epoch seconds. */
export const writeJson = shapeWriter({
  blob: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  // Milliseconds as a fraction, as AWS prints them: 1700000000.123.
  timestamp: (date) => date.getTime() / 1000,
});

export function serializationError(message?: string): AwsError {
  // The one kind of error whose message AWS spells with a capital M.
  return new AwsError('SerializationException', '', { members: message === undefined ? {} : { Message: message } });
}

function kept<Args extends unknown[]>(
  cache: WeakMap<object, (...args: Args) => unknown>,
  shape: NormalizedSchema,
  make: (shape: NormalizedSchema) => (...args: Args) => unknown,
): (...args: Args) => unknown {
  const schema = shape.getSchema();
  // Simple shapes are numbers in the SDK's notation; making their converter costs nothing.
  if (typeof schema !== 'object') return make(shape);
  const existing = cache.get(schema);
  if (existing) return existing;
  // Shapes can contain themselves: the entry must stand before the members are looked at.
  let made: ((...args: Args) => unknown) | undefined;
  cache.set(schema, (...args) => made?.(...args));
  made = make(shape);
  cache.set(schema, made);
  return made;
}

function reader(shape: NormalizedSchema): Read {
  return kept(readers, shape, makeReader);
}

/**
 * The SDK's schemas do not tell integers from fractions, and no operation of the sandbox takes a fraction but in a map (the
 * weights of an alias's versions). That AWS cuts off what stands behind the point is what the name of its class says
 * (`TruncatingBigNumber`), and unverified.
 */
function makeReader(shape: NormalizedSchema): Read {
  if (shape.isStructSchema()) return structureReader(shape);
  if (shape.isListSchema()) {
    const element = reader(shape.getValueSchema());
    return (value, texts) => {
      if (Array.isArray(value)) return value.map((item) => (item === null ? undefined : element(item, texts)));
      throw serializationError(isObject(value) ? 'Start of structure or map found where not expected.' : 'Expected list or null');
    };
  }
  if (shape.isMapSchema()) {
    const elements = shape.getValueSchema();
    const element = elements.isNumericSchema()
      ? scalar('an Double', (value) => (typeof value === 'number' ? value : undefined))
      : reader(elements);
    return (value, texts) => {
      expectStructure(value, 'Expected map or null');
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item === null ? undefined : element(item, texts)]));
    };
  }
  if (shape.isBlobSchema())
    return scalar('a Blob', (value, texts) => (typeof value === 'string' ? (taken(value, texts) ?? readBlob(value)) : undefined));
  if (shape.isTimestampSchema()) return scalar('milliseconds since epoch', readTimestamp);
  if (shape.isStringSchema())
    return scalar('an String', (value, texts) =>
      typeof value === 'string' ? (taken(value, texts)?.toString('base64') ?? value) : undefined,
    );
  if (shape.isBooleanSchema()) return scalar('an Boolean', (value) => (typeof value === 'boolean' ? value : undefined));
  if (shape.isNumericSchema()) return scalar('an Integer', (value) => (typeof value === 'number' ? Math.trunc(value) : undefined));
  return (value) => value;
}

function structureReader(shape: NormalizedSchema): Read {
  const members: [name: string, wireName: string, read: Read][] = [];
  for (const [name, member] of shape.structIterator()) members.push([name, member.getMergedTraits().jsonName ?? name, reader(member)]);
  return (value, texts) => {
    expectStructure(value);
    const read: Record<string, unknown> = {};
    for (const [name, wireName, readMember] of members) {
      const member = value[wireName];
      if (member !== undefined && member !== null) read[name] = readMember(member, texts);
    }
    return read;
  };
}

function scalar(wanted: string, convert: Read): Read {
  return (value, texts) => {
    const converted = convert(value, texts);
    if (converted !== undefined) return converted;
    if (Array.isArray(value)) throw serializationError('Start of list found where not expected');
    if (isObject(value)) throw serializationError('Start of structure or map found where not expected.');
    throw serializationError(`class ${javaClass(value)} can not be converted to ${wanted}`);
  };
}

function taken(text: string, texts: Texts): Buffer | undefined {
  // To look for a text that is not there takes time, too.
  return texts.size === 0 ? undefined : texts.get(text);
}

function javaClass(value: unknown): string {
  if (typeof value === 'number') return 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
  return typeof value === 'boolean' ? 'java.lang.Boolean' : 'java.lang.String';
}

function readBlob(text: string): Uint8Array {
  if (text.length % 4 !== 0) {
    throw serializationError(
      `'${text}' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`,
    );
  }
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // Node skips what is not base64, so a length that differs means that something was skipped.
  if (bytes.length !== (text.length / 4) * 3 - padding) {
    const invalid = /[^A-Za-z0-9+/]/.exec(text)?.[0] ?? '=';
    throw serializationError(`'${text}' can not be converted to a Blob: Invalid Base64 character: '${invalid}'`);
  }
  // The last character before the padding has bits to spare, which have to be 0. The word is AWS's own.
  if (padding > 0 && !/[AQgw]==$|[AEIMQUYcgkosw048]=$/.test(text.slice(-3))) {
    throw serializationError(`'${text}' can not be converted to a Blob: Invalid last non-pad Base64 character dectected`);
  }
  return bytes;
}

function readTimestamp(value: unknown): Date | undefined {
  const date = typeof value === 'number' ? new Date(value * 1000) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** What becomes of values for which formats have ways of their own. */
interface Scalars {
  readonly blob: (bytes: Uint8Array) => unknown;
  readonly timestamp: (date: Date) => unknown;
}

/** Turns what a handler returned into plain data for a format. Members that the shape does not have are left out. */
export function shapeWriter({ blob, timestamp }: Scalars): (shape: NormalizedSchema, value: unknown) => unknown {
  const writers = new WeakMap<object, Convert>();
  const writer = (shape: NormalizedSchema): Convert => kept(writers, shape, make);
  const make = (shape: NormalizedSchema): Convert => {
    if (shape.isStructSchema()) {
      const members: [name: string, wireName: string, write: Convert][] = [];
      for (const [name, member] of shape.structIterator()) {
        members.push([name, member.getMergedTraits().jsonName ?? name, writer(member)]);
      }
      return (value) => {
        const written: Record<string, unknown> = {};
        for (const [name, wireName, writeMember] of members) {
          const member = (value as Record<string, unknown>)[name];
          if (member !== undefined && member !== null) written[wireName] = writeMember(member);
        }
        return written;
      };
    }
    if (shape.isListSchema()) {
      const element = writer(shape.getValueSchema());
      return (value) => (value as readonly unknown[]).map(element);
    }
    if (shape.isMapSchema()) {
      const element = writer(shape.getValueSchema());
      return (value) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, element(item)]));
    }
    if (shape.isBlobSchema()) return (value) => blob(value as Uint8Array);
    if (shape.isTimestampSchema()) return (value) => timestamp(value as Date);
    return (value) => value;
  };
  return (shape, value) => writer(shape)(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The default word, for a scalar where a structure is expected, is unverified. */
function expectStructure(value: unknown, wanted = 'Expected null'): asserts value is Record<string, unknown> {
  if (Array.isArray(value)) throw serializationError('Start of list found where not expected');
  if (!isObject(value)) throw serializationError(wanted);
}
