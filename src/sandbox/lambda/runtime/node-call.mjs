// Calls a Node.js handler: async ones, and those that take a callback where the runtime still has them.

/**
 * Called once, when nothing is left to do in the process: then an invocation is over, whatever its handler waits for.
 * @type {(() => void) | undefined}
 */
let whenIdle;
process.on('beforeExit', () => {
  const call = whenIdle;
  whenIdle = undefined;
  call?.();
});

/**
 * @param {import('./node-handler.mjs').Handler} handler
 * @param {unknown} event
 * @param {{ id: string, header: (name: string) => string, callbacks: boolean }} invocation
 * @returns {Promise<unknown>} what the handler answered
 * @throws what the handler threw, or gave its callback as the error
 */
export function callHandler(handler, event, invocation) {
  const context = makeContext(invocation.id, invocation.header);
  return new Promise((resolve, reject) => {
    // A handler that never answers: Lambda ends the invocation with `null` as soon as the event loop is empty.
    whenIdle = () => resolve(null);
    if (!invocation.callbacks) {
      Promise.resolve(handler(event, context)).then(resolve, reject);
      return;
    }
    /** @param {unknown} error @param {unknown} result */
    const callback = (error, result) => {
      if (error !== undefined && error !== null) reject(error);
      else if (context.callbackWaitsForEmptyEventLoop) whenIdle = () => resolve(result);
      else resolve(result);
    };
    const done = {
      /** @param {unknown} error @param {unknown} result */
      done: (error, result) => {
        context.callbackWaitsForEmptyEventLoop = false;
        callback(error, result);
      },
      /** @param {unknown} result */
      succeed: (result) => done.done(null, result),
      /** @param {unknown} error */
      fail: (error) => done.done(error ?? 'handled', undefined),
    };
    const answer = handler(event, Object.assign(context, done), callback);
    // What a handler that is not async returns is ignored: it is expected to call back.
    if (isPromise(answer)) answer.then(resolve, reject);
  }).finally(() => {
    whenIdle = undefined;
  });
}

/** @param {unknown} value @returns {value is Promise<unknown>} */
function isPromise(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** @param {string} id @param {(name: string) => string} header */
function makeContext(id, header) {
  const { env } = process;
  const deadline = Number(header('lambda-runtime-deadline-ms'));
  const clientContext = header('lambda-runtime-client-context');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    clientContext: clientContext === '' ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn: header('lambda-runtime-invoked-function-arn'),
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
