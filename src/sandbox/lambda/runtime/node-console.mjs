// How Lambda's Node.js runtime writes logs (aws-lambda-ric, text format): `time \t request id \t LEVEL \t message`.
import { writeSync } from 'node:fs';
import { format } from 'node:util';

/** A message goes to stdout in a frame, so that one with several lines stays one event. */
const stdout = 1;
const frameMark = 0xa55a0003;

/** Frames of the stack that lie in the runtime itself say nothing to the author of a function. */
const ownFolder = new URL('.', import.meta.url).href;

const levels = /** @type {const} */ ({
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
});

/** Before the first request Lambda prints `undefined`. @type {string | undefined} */
let requestId;

/** @param {string} id */
export function setRequestId(id) {
  requestId = id;
}

/** @param {string} level @param {string} message */
function write(level, message) {
  const now = Date.now();
  const text = Buffer.from(`${new Date(now).toISOString()}\t${requestId}\t${level}\t${message}\n`);
  const frame = Buffer.alloc(16 + text.length);
  frame.writeUInt32BE(frameMark, 0);
  frame.writeUInt32BE(text.length, 4);
  frame.writeBigUInt64BE(BigInt(now) * 1000n, 8);
  text.copy(frame, 16);
  for (let written = 0; written < frame.length; ) written += writeSome(frame, written);
}

/** @param {Buffer} frame @param {number} from */
function writeSome(frame, from) {
  try {
    return writeSync(stdout, frame, from);
  } catch (error) {
    // The reader is slower than we are.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EAGAIN') return 0;
    throw error;
  }
}

/** Makes `console` write as Lambda's does. */
export function patchConsole() {
  for (const [method, level] of Object.entries(levels)) {
    /** @param {unknown[]} items */
    const print = (...items) => write(level, format(...items));
    Object.assign(console, { [method]: print });
  }
}

/** @param {string} label @param {unknown} error */
export function logError(label, error) {
  const { errorType, errorMessage, trace } = describeError(error);
  const { name: _, ...own } = error instanceof Error ? error : { name: '' };
  write('ERROR', `${label} \t${JSON.stringify({ errorType, errorMessage, ...own, stack: trace })}`);
}

/**
 * What callers are told of an error.
 * @param {unknown} error
 */
export function describeError(error) {
  if (error instanceof Error) {
    const trace = (error.stack ?? '').split('\n').filter((line) => !line.includes(ownFolder));
    return { errorType: error.name, errorMessage: error.message, trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
