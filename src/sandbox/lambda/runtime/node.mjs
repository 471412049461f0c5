// What runs inside the process of a Node.js function: fetches events from the Lambda Runtime API, calls the handler and
// sends back what came of it. It imports as little as possible, because it is loaded at every cold start.
import { Agent, request } from 'node:http';
import { callHandler } from './node-call.mjs';
import { patchDate, setClockAhead } from './node-clock.mjs';
import { describeError, logError, patchConsole, setRequestId } from './node-console.mjs';
import { loadHandler, RuntimeError } from './node-handler.mjs';

const { env } = process;
const [, host = '', port = '', path = ''] = /^(.+?):(\d+)(.*)$/.exec(env['AWS_LAMBDA_RUNTIME_API'] ?? '') ?? [];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The request that is being worked on. @type {string | undefined} */
let current;

/**
 * Calls the Runtime API. Its connection breaks only when whoever started this process is gone; then this process goes as well.
 * @param {string} method
 * @param {string} call
 * @param {string} [body]
 * @returns {Promise<{ status: number | undefined, header: (name: string) => string, body: string }>}
 */
function runtimeApi(method, call, body) {
  return new Promise((resolve) => {
    const sent = request({ agent, method, host, port, path: `${path}/2018-06-01/runtime/${call}` }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, header: (name) => String(answer.headers[name] ?? ''), body: text }));
    });
    sent.on('error', () => process.exit(1));
    sent.end(body);
  });
}

/** @param {unknown} error */
async function reportError(error) {
  await runtimeApi('POST', current === undefined ? 'init/error' : `invocation/${current}/error`, JSON.stringify(describeError(error)));
}

/** @param {unknown} result */
function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

/**
 * Ends the process because of an error that no handler caught. The exit statuses are those of Lambda's own runtime.
 * @param {string} label
 * @param {unknown} error
 * @param {number} status
 */
async function crash(label, error, status) {
  logError(label, error);
  await reportError(error);
  process.exit(status);
}

patchConsole();
// Where the sandbox's time is not the machine's, it says so with an argument, which functions have no business with.
const [clockAhead] = process.argv.splice(2);
if (clockAhead !== undefined) patchDate(Number(clockAhead));
process.on('uncaughtException', (error) => void crash('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  void crash('Unhandled Promise Rejection', new RuntimeError('UnhandledPromiseRejection', reason), 128);
});

const root = env['LAMBDA_TASK_ROOT'] ?? process.cwd();
const version = Number(/nodejs(\d+)/.exec(env['AWS_EXECUTION_ENV'] ?? '')?.[1]);
/** Callbacks are gone with Node.js 24. */
const callbacks = version < 24;

/** @type {import('./node-handler.mjs').Handler | undefined} */
let handler;
try {
  handler = await loadHandler(root, env['_HANDLER'] ?? '', callbacks);
} catch (error) {
  await crash('Uncaught Exception', error, 1);
}

while (handler !== undefined) {
  const event = await runtimeApi('GET', 'invocation/next');
  if (event.status !== 200) process.exit(1);
  current = event.header('lambda-runtime-aws-request-id');
  setRequestId(current);
  setClockAhead(Number(event.header('sandbox-clock-ahead-ms')));
  try {
    const result = await callHandler(handler, JSON.parse(event.body), { id: current, header: event.header, callbacks });
    await runtimeApi('POST', `invocation/${current}/response`, serialize(result));
  } catch (error) {
    logError('Invoke Error', error);
    await reportError(error);
  }
}
