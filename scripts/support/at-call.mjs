// Loaded into the program with --import: sends the program a signal exactly before or after one of the API calls that it
// makes, and writes down which calls there were. KINESIS_LABS_AT_CALL is JSON: { log, state?, call?, when?, signal? }.
//
// Calls are named so that a name means the same call in every run, however often something is polled: `12` is the twelfth,
// where a write always counts, and a read counts when no read of that name came since the last write; `12+3` is the third
// time that this read is repeated.
//
// With `state`, a folder, each line of the log says what is in it (a hash), and each jump of the sandbox's time has a line.
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const { log, state, call: wanted, when, signal } = JSON.parse(process.env.KINESIS_LABS_AT_CALL ?? '{}');
const request = http.request;
let count = 0;
/** Of the reads since the last write: the number of each, and how often it was repeated. */
let reads = new Map();

http.request = function atCall(...args) {
  const options = args.find((each) => typeof each === 'object' && each !== null) ?? {};
  const path = String(options.path ?? '/');
  const outgoing = request.apply(this, args);
  // The sandbox's own calls are none of AWS.
  if (path.startsWith('/_sandbox/')) {
    if (state !== undefined && options.method === 'POST') outgoing.prependOnceListener('response', () => note({ jump: true }));
    return outgoing;
  }
  let met = false;
  // What is called stands in the body of IAM's requests, and is known when it is there.
  const begin = (body) => {
    if (met) return;
    met = true;
    const { name, write } = describe(options, path, body);
    const call = nameOf(name, write);
    const pass = (side) => {
      note({ call, when: side, name, write, ...(state === undefined ? {} : { state: contentOf(state) }) });
      if (call === wanted && when === side) strike();
    };
    pass('before');
    outgoing.prependOnceListener('response', () => pass('after'));
    if (call === wanted && when === 'during') outgoing.once('finish', () => setImmediate(strike));
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
  const isRead =
    target !== undefined || action !== undefined ? /^(Get|List|Describe|Filter|Receive)/.test(operation) : /^(GET|HEAD)$/.test(method);
  return { name: String(name), write: !isRead };
}

function nameOf(name, write) {
  const earlier = write ? undefined : reads.get(name);
  if (earlier !== undefined) {
    earlier.repeated += 1;
    return `${earlier.number}+${earlier.repeated}`;
  }
  count += 1;
  if (write) reads = new Map();
  else reads.set(name, { number: count, repeated: 0 });
  return String(count);
}

function note(line) {
  appendFileSync(log, `${JSON.stringify(line)}\n`);
}

/** A hash of all files below a folder. */
function contentOf(folder) {
  const hash = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  for (const path of paths.sort()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function strike() {
  process.kill(process.pid, signal);
  // SIGKILL is delivered before the next instruction, as far as the program can tell; the others are handled in their time.
  if (signal === 'SIGKILL') for (;;);
}
