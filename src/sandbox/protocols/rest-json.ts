import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../error.ts';
import type { WireRequest } from '../wire.ts';
import { readJson, writeJson } from './json-shape.ts';
import { type PathTemplate, pathTemplate } from './path-template.ts';
import type { Protocol, Route } from './protocol.ts';
import type { OperationShape } from './schema.ts';

/** REST with JSON bodies, as Lambda speaks it (aws-behaviour 2.1): members travel in the path, the query, headers and the body. */
export function restJson(options: { readonly operations: ReadonlyMap<string, OperationShape> }): Protocol {
  const routes: { readonly operation: OperationShape; readonly template: PathTemplate }[] = [];
  for (const operation of options.operations.values()) {
    if (operation.http) routes.push({ operation, template: pathTemplate(operation.http[0], operation.http[1]) });
  }
  return {
    route(request) {
      for (const { operation, template } of routes) {
        const labels = template.match(request);
        if (labels) return { operation, labels };
      }
      return undefined;
    },
    readInput,
    writeOutput,
    writeError(error, requestId) {
      const text = error.message === '' ? {} : { [error.status === 404 ? 'Message' : 'message']: error.message };
      const type = error.code === 'ValidationException' ? {} : { Type: error.status >= 500 ? 'Service' : 'User' };
      const body = JSON.stringify({ ...type, ...text, ...error.members });
      return {
        status: error.status,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': error.code,
        },
        body,
      };
    },
    // What AWS answers to a path that it does not know is unverified.
    unknownOperation: (request) =>
      new AwsError('UnknownOperationException', `Unknown operation: ${request.method} ${request.path}`, { status: 404 }),
  };
}

function readInput(route: Route, request: WireRequest): Record<string, unknown> {
  const query = new URLSearchParams(request.query);
  const input: Record<string, unknown> = {};
  const bodyMembers: string[] = [];
  for (const [name, member] of route.operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) input[name] = fromText(member, route.labels[name] ?? '');
    else if (traits.httpQuery !== undefined) assign(input, name, readQuery(member, query.getAll(traits.httpQuery)));
    else if (traits.httpHeader !== undefined) assign(input, name, readText(member, request.headers[traits.httpHeader.toLowerCase()]));
    else if (traits.httpPayload) input[name] = readPayload(member, request.body);
    else bodyMembers.push(name);
  }
  if (bodyMembers.length > 0 && request.body.length > 0) {
    const body = readJson(route.operation.input, parse(request.body)) as Record<string, unknown>;
    for (const name of bodyMembers) assign(input, name, body[name]);
  }
  return input;
}

function assign(input: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) input[name] = value;
}

function readQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  if (values.length === 0) return undefined;
  if (member.isListSchema()) return values.map((value) => fromText(member.getValueSchema(), value));
  return fromText(member, values[0] ?? '');
}

function readText(member: NormalizedSchema, text: string | undefined): unknown {
  return text === undefined ? undefined : fromText(member, text);
}

function fromText(member: NormalizedSchema, text: string): unknown {
  if (member.isNumericSchema()) {
    const number = Number(text);
    if (Number.isNaN(number)) throw badRequest(`'${text}' is not a number`);
    return number;
  }
  if (member.isBooleanSchema()) return text === 'true';
  if (member.isTimestampSchema()) return new Date(/^[\d.]+$/.test(text) ? Number(text) * 1000 : text);
  return text;
}

function readPayload(member: NormalizedSchema, body: Buffer): unknown {
  if (member.isBlobSchema() || member.isStringSchema()) return member.isBlobSchema() ? body : body.toString('utf8');
  return body.length === 0 ? undefined : readJson(member, parse(body));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`Could not parse request body into json: ${(error as Error).message}`);
  }
}

function badRequest(message: string): AwsError {
  return new AwsError('InvalidRequestContentException', message);
}

function writeOutput(operation: OperationShape, output: Readonly<Record<string, unknown>>, requestId: string) {
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  let status = operation.http?.[2] ?? 200;
  const bodyMembers: Record<string, unknown> = {};
  let payload: string | Uint8Array | undefined;
  for (const [name, member] of operation.output.isUnitSchema() ? [] : operation.output.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const traits = member.getMergedTraits();
    if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = String(value);
    else if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpPayload) payload = member.isBlobSchema() ? (value as Uint8Array) : JSON.stringify(writeJson(member, value));
    else bodyMembers[name] = value;
  }
  const hasBody = payload !== undefined || (!operation.output.isUnitSchema() && status !== 204);
  const body = payload ?? (hasBody ? JSON.stringify(writeJson(operation.output, bodyMembers)) : '');
  if (hasBody) headers['content-type'] = 'application/json';
  headers['content-length'] = String(Buffer.byteLength(body));
  return { status, headers, body };
}
