import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../error.ts';

/** The parts of a request that members of an input can be bound to, besides the body. */
export interface BoundParts {
  /** Of the path, decoded. */
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

interface BoundInput {
  /** What was read from path, query and headers. */
  readonly input: Record<string, unknown>;
  /** The member that is the whole body. */
  readonly payload: { readonly name: string; readonly shape: NormalizedSchema } | undefined;
  /** The members that are in the body. */
  readonly unbound: readonly string[];
}

/**
 * Reads what the HTTP traits of an input's members bind to path, query and headers.
 * @param invalid the error for a text that is not of its member's type
 */
export function readBound(shape: NormalizedSchema, parts: BoundParts, invalid: (message: string) => AwsError): BoundInput {
  const input: Record<string, unknown> = {};
  const unbound: string[] = [];
  let payload: BoundInput['payload'];
  const assign = (name: string, member: NormalizedSchema, text: string | undefined) => {
    if (text !== undefined) input[name] = fromText(member, text, invalid);
  };
  for (const [name, member] of shape.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) assign(name, member, parts.labels[name]);
    else if (traits.httpQuery !== undefined) {
      const values = parts.query.getAll(traits.httpQuery);
      if (!member.isListSchema()) assign(name, member, values[0]);
      else if (values.length > 0) input[name] = values.map((value) => fromText(member.getValueSchema(), value, invalid));
    } else if (traits.httpHeader !== undefined) assign(name, member, parts.headers[traits.httpHeader.toLowerCase()]);
    else if (traits.httpPrefixHeaders !== undefined) input[name] = prefixed(parts.headers, traits.httpPrefixHeaders);
    else if (traits.httpPayload) payload = { name, shape: member };
    else unbound.push(name);
  }
  return { input, payload, unbound };
}

function fromText(member: NormalizedSchema, text: string, invalid: (message: string) => AwsError): unknown {
  if (member.isNumericSchema()) {
    const number = Number(text);
    if (Number.isNaN(number)) throw invalid(`'${text}' is not a number`);
    return number;
  }
  if (member.isBooleanSchema()) return text === 'true';
  if (member.isTimestampSchema()) return new Date(/^[\d.]+$/.test(text) ? Number(text) * 1000 : text);
  return text;
}

function prefixed(headers: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

interface BoundOutput {
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly status: number | undefined;
  /** The member that is the whole body. */
  readonly payload: { readonly shape: NormalizedSchema; readonly value: unknown } | undefined;
  /** The members that are in the body. */
  readonly unbound: Record<string, unknown>;
}

/** Takes an output apart into what travels in headers, as the status, and in the body. */
export function writeBound(shape: NormalizedSchema, output: Readonly<Record<string, unknown>>): BoundOutput {
  const headers: Record<string, string> = {};
  const unbound: Record<string, unknown> = {};
  let status: number | undefined;
  let payload: BoundOutput['payload'];
  for (const [name, member] of shape.isUnitSchema() ? [] : shape.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const traits = member.getMergedTraits();
    if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = headerText(value);
    else if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value)) headers[traits.httpPrefixHeaders.toLowerCase() + key] = String(text);
    } else if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpPayload) payload = { shape: member, value };
    else unbound[name] = value;
  }
  return { headers, status, payload, unbound };
}

function headerText(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}
