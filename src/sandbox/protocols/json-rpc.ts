import { randomFillSync } from 'node:crypto';
import { AwsError } from '../error.ts';
import { bodyLength, type WholeBody, type WireRequest } from '../wire.ts';
import { eventStreamFrames, eventStreamOf } from './event-stream.ts';
import { readJsonBody } from './json-body.ts';
import { serializationError, writeJson } from './json-shape.ts';
import type { Protocol, Route } from './protocol.ts';
import type { QueryErrors } from './query-errors.ts';
import { jsonText } from './ready-json.ts';
import type { OperationShape } from './schema.ts';

/**
 * AWS JSON 1.0 and 1.1: every request is a POST to `/`, the operation stands in `X-Amz-Target`, bodies are JSON
 * (Kinesis API reference).
 */
export function jsonRpc(options: {
  readonly version: '1.0' | '1.1';
  /** `Kinesis_20131202`: what stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly operations: ReadonlyMap<string, OperationShape>;
  /** Whether answers have a second id, `x-amz-id-2`, for those who ask AWS about them. */
  readonly secondId?: boolean;
  /** For a service that spoke the query protocol before: its clients find the codes of that time in a header. */
  readonly queryErrors?: QueryErrors;
}): Protocol {
  const contentType = `application/x-amz-json-${options.version}`;
  const headers = (requestId: string, length: number) => ({
    'content-type': contentType,
    'content-length': String(length),
    ...ids(requestId),
  });
  const ids = (requestId: string) => ({
    'x-amzn-requestid': requestId,
    ...(options.secondId ? secondId() : {}),
  });
  const answer = (status: number, requestId: string, body: WholeBody) => ({
    status,
    headers: headers(requestId, bodyLength(body)),
    body,
  });
  return {
    route(request) {
      const [prefix, name] = (request.headers['x-amz-target'] ?? '').split('.');
      const operation = prefix === options.target && name !== undefined ? options.operations.get(name) : undefined;
      return operation && { operation, labels: {} };
    },
    readInput,
    writeOutput(operation, output, requestId) {
      const stream = eventStreamOf(operation);
      if (stream !== undefined) {
        return {
          status: 200,
          headers: { 'content-type': 'application/vnd.amazon.eventstream', ...ids(requestId) },
          body: eventStreamFrames(stream, output),
        };
      }
      // Operations without output answer with an empty body.
      if (operation.output.isUnitSchema()) return answer(200, requestId, '');
      return answer(
        200,
        requestId,
        jsonText(output, (rest) => JSON.stringify(writeJson(operation.output, rest))),
      );
    },
    writeError(error, requestId) {
      const message = error.message === '' ? {} : { message: error.message };
      const { type = error.code, headers = {} } = options.queryErrors?.describe(error) ?? {};
      const answered = answer(error.status, requestId, JSON.stringify({ __type: type, ...message, ...error.members }));
      return { ...answered, headers: { ...answered.headers, ...headers } };
    },
    unknownOperation: () => new AwsError('UnknownOperationException', ''),
  };
}

const secondIdBytes = 72;
// Random bytes for many at once: to ask for them takes longer than to get them.
const secondIds = Buffer.alloc(64 * secondIdBytes);
let secondIdsUsed = secondIds.length;

/** What some services send beside the id of a request. */
export function secondId(): Readonly<Record<string, string>> {
  if (secondIdsUsed === secondIds.length) {
    randomFillSync(secondIds);
    secondIdsUsed = 0;
  }
  const start = secondIdsUsed;
  secondIdsUsed += secondIdBytes;
  return { 'x-amz-id-2': secondIds.toString('base64', start, secondIdsUsed) };
}

async function readInput({ operation }: Route, request: WireRequest): Promise<Record<string, unknown>> {
  // Also where there is none: whoever has nothing to say sends `{}`.
  try {
    return (await readJsonBody(operation.input, request.body)) as Record<string, unknown>;
  } catch (error) {
    throw error instanceof SyntaxError ? serializationError() : error;
  }
}
