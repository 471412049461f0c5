import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../error.ts';
import type { WireRequest } from '../wire.ts';
import { readBound, writeBound } from './http-bindings.ts';
import { readJsonBody } from './json-body.ts';
import { writeJson } from './json-shape.ts';
import { type PathTemplate, pathTemplate } from './path-template.ts';
import type { Protocol, Route } from './protocol.ts';
import type { OperationShape } from './schema.ts';

interface RestJsonOptions {
  readonly operations: ReadonlyMap<string, OperationShape>;
  /** What the body of an error has; default as Lambda has it. */
  readonly errorBody?: (error: AwsError) => object;
}

/** REST with JSON bodies, as Lambda speaks it (Lambda API reference): members travel in the path, the query, headers and the body. */
export function restJson({ operations, errorBody = lambdaErrorBody }: RestJsonOptions): Protocol {
  const routes: { readonly operation: OperationShape; readonly template: PathTemplate }[] = [];
  for (const operation of operations.values()) {
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
      const body = JSON.stringify(errorBody(error));
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

function lambdaErrorBody({ code, status, message, members }: AwsError): object {
  const text = message === '' ? {} : { [status === 404 ? 'Message' : 'message']: message };
  const type = code === 'ValidationException' ? {} : { Type: status >= 500 ? 'Service' : 'User' };
  return { ...type, ...text, ...members };
}

async function readInput(route: Route, request: WireRequest): Promise<Record<string, unknown>> {
  const shape = route.operation.input;
  const parts = { labels: route.labels, query: new URLSearchParams(request.query), headers: request.headers };
  const { input, payload, unbound } = readBound(shape, parts, badRequest);
  if (payload !== undefined) input[payload.name] = await readPayload(payload.shape, request.body);
  if (unbound.length > 0 && request.body.length > 0) {
    const body = (await read(shape, request.body)) as Record<string, unknown>;
    for (const name of unbound) if (body[name] !== undefined) input[name] = body[name];
  }
  return input;
}

async function readPayload(member: NormalizedSchema, body: Buffer): Promise<unknown> {
  if (member.isBlobSchema() || member.isStringSchema()) return member.isBlobSchema() ? body : body.toString('utf8');
  return body.length === 0 ? undefined : read(member, body);
}

async function read(shape: NormalizedSchema, body: Buffer): Promise<unknown> {
  try {
    return await readJsonBody(shape, body);
  } catch (error) {
    throw error instanceof SyntaxError ? badRequest(`Could not parse request body into json: ${error.message}`) : error;
  }
}

function badRequest(message: string): AwsError {
  return new AwsError('InvalidRequestContentException', message);
}

function writeOutput(operation: OperationShape, output: Readonly<Record<string, unknown>>, requestId: string) {
  const bound = writeBound(operation.output, output);
  const status = bound.status ?? operation.http?.[2] ?? 200;
  const hasBody = bound.payload !== undefined || (!operation.output.isUnitSchema() && status !== 204);
  const body = !hasBody ? '' : writeBody(bound.payload ?? { shape: operation.output, value: bound.unbound });
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId, ...bound.headers };
  if (hasBody) headers['content-type'] = 'application/json';
  headers['content-length'] = String(Buffer.byteLength(body));
  return { status, headers, body };
}

function writeBody({ shape, value }: { readonly shape: NormalizedSchema; readonly value: unknown }): string | Uint8Array {
  return shape.isBlobSchema() ? (value as Uint8Array) : JSON.stringify(writeJson(shape, value));
}
