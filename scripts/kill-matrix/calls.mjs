// Follows the API calls that labs make in this process, by the port of the sandbox that each is done on: writes down which calls
// there were, and stops at a point of each, which is exactly before, during or after one of them.
//
// Calls are named so that a name means the same call in every run, however often something is polled: `12` is the twelfth,
// where a write always counts, and a read counts when no read of that name came since the last write; `12+3` is the third
// time that this read is repeated.
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const request = http.request;

/**
 * @param {(run: object, goOn: () => void) => void} onPoint is called when a run comes to its point. Before and after a call,
 * the run stays there until `goOn` is called; other things that it does go on.
 * @returns {(run: { port: number, log: string, state?: string, call?: string, when?: 'before' | 'during' | 'after' }) => void}
 * follows a run from now on, and no longer an earlier one on that port. `log` is a file, which gets a line for each side of each
 * call. With `state`, a folder, the line says what is in it (a hash), and each jump of the sandbox's time has a line.
 */
export function followCalls(onPoint) {
  const byPort = new Map();
  http.request = function followed(...args) {
    const options = args.find((each) => typeof each === 'object' && each !== null) ?? {};
    const outgoing = request.apply(this, args);
    const course = byPort.get(Number(options.port));
    if (course !== undefined) follow(course, options, outgoing, onPoint);
    return outgoing;
  };
  syncBuiltinESMExports();
  return (run) => byPort.set(run.port, { run, count: 0, reads: new Map() });
}

function follow(course, options, outgoing, onPoint) {
  const { run } = course;
  const path = String(options.path ?? '/');
  // The sandbox's own calls are none of AWS.
  if (path.startsWith('/_sandbox/')) {
    if (run.state !== undefined && options.method === 'POST') outgoing.prependOnceListener('response', () => note(run, { jump: true }));
    return;
  }
  let made;
  /** What waits until the run goes on; while it does not stay anywhere, there is none. */
  let waiting;
  const stay = () => {
    waiting = [];
    onPoint(run, () => {
      const queue = waiting;
      waiting = undefined;
      for (const each of queue) each();
    });
  };
  const pass = (when) => {
    note(run, { ...made, when, ...(run.state === undefined ? {} : { state: contentOf(run.state) }) });
    if (made.call === run.call && when === run.when) stay();
  };
  // What is called stands in the body of IAM's requests, and is known when it is there.
  const begin = (body) => {
    made = nameOf(course, describe(options, path, body));
    pass('before');
    if (made.call === run.call && run.when === 'during') outgoing.once('finish', () => setImmediate(onPoint, run, () => undefined));
  };
  for (const method of ['write', 'end']) {
    const original = outgoing[method];
    outgoing[method] = function withCall(...parts) {
      if (made === undefined) begin(parts[0]);
      if (waiting === undefined) return original.apply(this, parts);
      waiting.push(() => original.apply(this, parts));
      return method === 'end' ? this : true;
    };
  }
  const emit = outgoing.emit;
  outgoing.emit = function withAnswer(...event) {
    if (event[0] !== 'response') return emit.apply(this, event);
    pass('after');
    if (waiting === undefined) return emit.apply(this, event);
    waiting.push(() => emit.apply(this, event));
    return true;
  };
}

function describe({ method = 'GET', headers = {} }, path, body) {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
  const action = typeof body === 'function' ? undefined : /(?:^|&)Action=(\w+)/.exec(String(body ?? ''))?.[1];
  const name = target ?? action ?? `${method} ${path.replace(/\?.*/, '').replace(/[0-9a-f-]{36}/, '…')}`;
  const operation = String(name).split('.').at(-1);
  const isRead =
    target !== undefined || action !== undefined ? /^(Get|List|Describe|Filter|Receive)/.test(operation) : /^(GET|HEAD)$/.test(method);
  return { name: String(name), write: !isRead };
}

/** `course.reads`: of the reads since the last write, the number of each, and how often it was repeated. */
function nameOf(course, { name, write }) {
  const earlier = write ? undefined : course.reads.get(name);
  if (earlier !== undefined) {
    earlier.repeated += 1;
    return { call: `${earlier.number}+${earlier.repeated}`, name, write };
  }
  course.count += 1;
  if (write) course.reads = new Map();
  else course.reads.set(name, { number: course.count, repeated: 0 });
  return { call: String(course.count), name, write };
}

function note({ log }, line) {
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

/** Sends this process a signal. SIGKILL is delivered before the next instruction, as far as a program can tell; others in their time. */
export function strike(signal) {
  process.kill(process.pid, signal);
  if (signal === 'SIGKILL') for (;;);
}
