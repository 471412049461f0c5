// Loaded into the program with --import: sends the program a signal exactly before or after one of the API calls that it
// makes, and writes down which calls there were. KINESIS_LABS_AT_CALL is JSON: { log, point?, when?, signal? }.
//
// Points are numbered so that they are the same in every run, however often something is polled: a write is always a new
// one, a read is when no read of that name came since the last write.
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const { log, point, when, signal } = JSON.parse(process.env.KINESIS_LABS_AT_CALL ?? '{}');
const request = http.request;
let points = 0;
let readsSinceWrite = new Set();

http.request = function atCall(...args) {
  const options = args.find((each) => typeof each === 'object' && each !== null) ?? {};
  const path = String(options.path ?? '/');
  // The sandbox's own calls are none of AWS.
  if (path.startsWith('/_sandbox/')) return request.apply(this, args);
  const outgoing = request.apply(this, args);
  let met = false;
  // What is called stands in the body of IAM's requests, and is known when it is there.
  const begin = (body) => {
    if (met) return;
    met = true;
    const call = describe(options, path, body);
    if (!isNew(call)) return;
    points += 1;
    const here = points === point;
    appendFileSync(log, `${JSON.stringify({ point: points, ...call })}\n`);
    if (here && when === 'before') strike();
    if (here && when === 'during') outgoing.once('finish', () => setImmediate(strike));
    if (here && when === 'after') outgoing.prependOnceListener('response', strike);
  };
  for (const method of ['write', 'end']) {
    const original = outgoing[method];
    outgoing[method] = function withCall(...parts) {
      begin(parts[0]);
      return original.apply(this, parts);
    };
  }
  return outgoing;
};
syncBuiltinESMExports();

function describe({ method = 'GET', headers = {} }, path, body) {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
  const action = typeof body === 'function' ? undefined : /(?:^|&)Action=(\w+)/.exec(String(body ?? ''))?.[1];
  const name = target ?? action ?? `${method} ${path.replace(/\?.*/, '').replace(/[0-9a-f-]{36}/, '…')}`;
  const operation = String(name).split('.').at(-1);
  const reads =
    target !== undefined || action !== undefined ? /^(Get|List|Describe|Filter|Receive)/.test(operation) : /^(GET|HEAD)$/.test(method);
  return { name: String(name), write: !reads };
}

function isNew({ name, write }) {
  if (write) {
    readsSinceWrite = new Set();
    return true;
  }
  if (readsSinceWrite.has(name)) return false;
  readsSinceWrite.add(name);
  return true;
}

function strike() {
  process.kill(process.pid, signal);
  // SIGKILL is delivered before the next instruction, as far as the program can tell; the others are handled in their time.
  if (signal === 'SIGKILL') for (;;);
}
