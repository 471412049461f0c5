import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a runtime is handed. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** Epoch milliseconds of the function's clock. */
  readonly deadline: number;
  /** How far the function's clock has to be ahead of the machine's, in milliseconds. Absent where it is the machine's. */
  readonly clockAhead?: number;
  readonly functionArn: string;
  /** JSON, as the caller gave it. */
  readonly clientContext?: string;
}

/** An execution environment as its runtime sees it. */
export interface RuntimeSession {
  /** The runtime asks for its next event; it waits for as long as there is none. */
  next(deliver: (event: RuntimeEvent) => void): void;
  /** @returns whether `requestId` is the event that is being worked on. */
  response(requestId: string, payload: Uint8Array): boolean;
  error(requestId: string, payload: Uint8Array): boolean;
  initError(payload: Uint8Array): void;
}

/** Bytes of a synchronous response: 6 MB and a little for the envelope (Lambda quotas; the exact number is widely quoted). */
const largestResponse = 6_291_556;

/**
 * The Lambda Runtime API (AWS Lambda Developer Guide, "Using the Lambda runtime API"; Lambda Runtime API) on the loopback
 * interface. Each environment talks to it below a path of its own that nobody can guess, so that one cannot take another's events.
 */
export class RuntimeApi {
  readonly #sessions = new Map<string, RuntimeSession>();
  readonly #server: Server;
  #port = 0;

  private constructor() {
    // Runtimes keep their connection for as long as they live, and wait for an event for as long as there is none.
    this.#server = createServer({ requestTimeout: 0, keepAliveTimeout: 0, headersTimeout: 15_000 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async listen(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    api.#port = (api.#server.address() as AddressInfo).port;
    return api;
  }

  /** Opens the API for one environment. @returns what goes into AWS_LAMBDA_RUNTIME_API, and how to close it again. */
  open(session: RuntimeSession): { readonly address: string; close(): void } {
    const secret = randomBytes(16).toString('hex');
    this.#sessions.set(secret, session);
    return { address: `127.0.0.1:${this.#port}/${secret}`, close: () => this.#sessions.delete(secret) };
  }

  async close(): Promise<void> {
    this.#sessions.clear();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, secret = '', call = ''] = /^\/([0-9a-f]{32})\/2018-06-01\/runtime\/(.+)$/.exec(request.url ?? '') ?? [];
    const session = this.#sessions.get(secret);
    if (session === undefined) {
      // Nobody else has business here, and nothing of what a stranger sends is read.
      response.setHeader('Connection', 'close');
      return reply(response, 403, { errorType: 'Forbidden', errorMessage: 'Forbidden' });
    }
    if (request.method === 'GET' && call === 'invocation/next') return session.next((event) => deliver(response, event));
    const [, requestId, what] = /^invocation\/([^/]+)\/(response|error)$/.exec(call) ?? [];
    if (request.method !== 'POST' || (requestId === undefined && call !== 'init/error')) {
      return reply(response, 404, { errorType: 'NotFound', errorMessage: `There is no ${request.method} ${call}.` });
    }
    const body = await readBody(request);
    if (requestId === undefined) {
      session.initError(body.payload);
      return reply(response, 202, { status: 'OK' });
    }
    const taken =
      what === 'response' && !body.tooLarge ? session.response(requestId, body.payload) : session.error(requestId, body.payload);
    if (!taken) return reply(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    if (body.tooLarge)
      return reply(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage: 'Exceeded maximum allowed payload size' });
    return reply(response, 202, { status: 'OK' });
  }
}

function deliver(response: ServerResponse, event: RuntimeEvent): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': event.payload.byteLength,
    'Lambda-Runtime-Aws-Request-Id': event.requestId,
    'Lambda-Runtime-Deadline-Ms': event.deadline,
    'Lambda-Runtime-Invoked-Function-Arn': event.functionArn,
    ...(event.clientContext === undefined ? {} : { 'Lambda-Runtime-Client-Context': event.clientContext }),
    // Lambda has no such header; the runtimes of this sandbox set the function's clock by it.
    ...(event.clockAhead === undefined ? {} : { 'Sandbox-Clock-Ahead-Ms': event.clockAhead }),
  });
  response.end(event.payload);
}

/** Reads a body; one that is too large is read to its end and replaced by the error that the caller gets. */
async function readBody(request: IncomingMessage): Promise<{ readonly payload: Uint8Array; readonly tooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestResponse) chunks.push(chunk);
  }
  if (size <= largestResponse) return { payload: Buffer.concat(chunks), tooLarge: false };
  // The text is widely quoted; unverified.
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${largestResponse} bytes).`;
  return { payload: Buffer.from(JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage })), tooLarge: true };
}

function reply(response: ServerResponse, status: number, content: Readonly<Record<string, string>>): void {
  const body = JSON.stringify(content);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
