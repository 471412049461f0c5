// Requests to the sandbox by the thousand: inputs for every operation of every service that are nearly right, bodies and
// signatures that are wrong, bytes that are no HTTP. It answers with an error as AWS has it, or closes the connection, and lives on.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { rawHttp1, rawHttp1Problem } from './fuzz/raw-http1.mjs';
import { rawHttp2, rawHttp2Problem } from './fuzz/raw-http2.mjs';
import { bodyAlterations } from './fuzz/request-alterations.mjs';
import { allOperations, furniture, Inputs, remember } from './fuzz/request-inputs.mjs';
import { answerProblem } from './fuzz/request-oracle.mjs';
import { exchange, exchangeHttp2, protocolOf, requestFor, signed } from './fuzz/request-wire.mjs';
import { signatureAlterations } from './fuzz/signature-alterations.mjs';
import { newSeed, Random } from './support/random.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(newSeed()) },
    count: { type: 'string', default: '12000' },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
const mostFailures = 8;
const mostMs = 15_000;
const mostBytes = 900_000_000;
const healthEvery = 250;
const furnishEvery = 80;

// What waits on purpose: a client that leaves is part of the trial.
const patient = new Set(['ReceiveMessage', 'SubscribeToShard', 'Invoke', 'InvokeAsync', 'InvokeWithResponseStream']);
const patienceMs = 1_000;

const started = performance.now();
const failures = [];
const tally = {};
const statuses = {};
const bugs = [];
const last = [];
const seen = new Map();
const operations = await allOperations();
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const { child, port, credentials } = await startSandbox();
let memory = 0;

const kinds = [
  [62, ['right signatures', signedCase]],
  [12, ['wrong bodies', bodyCase]],
  [8, ['wrong signatures', signatureCase]],
  [9, ['raw HTTP/1.1', http1Case]],
  [9, ['raw HTTP/2', http2Case]],
];

console.log(`fuzz:requests --seed ${seed}`);
try {
  let index = 0;
  for (; index < count && failures.length < mostFailures && lives(); index++) {
    if (index % furnishEvery === 0) await furnish();
    const random = new Random(seed, index);
    const [name, run] = random.weighted(kinds);
    tally[name] = (tally[name] ?? 0) + 1;
    const { problem, sent } = await run(random, index);
    if (problem !== undefined) failures.push({ index, problem, sent });
    last.push({ index, sent });
    if (last.length > 3) last.shift();
    while (bugs.length > 0) failures.push({ index, problem: `the sandbox has a bug: ${bugs.shift()}`, sent });
    if (index % healthEvery === healthEvery - 1) await lookAfter(index, sent);
  }
  if (!lives())
    for (const each of last)
      failures.push({ ...each, problem: `soon after it the sandbox has ended with ${child.signalCode ?? child.exitCode}` });
  else await lookAfter(index, 'all of them');
} finally {
  agent.destroy();
  await stop();
}
for (const { index, problem, sent } of failures)
  console.log(`\nCase ${index} (--seed ${seed} --count ${index + 1}): ${problem}\n${shown(sent)}`);
console.log(
  `${Object.entries(tally)
    .map(([name, times]) => `${times} ${name}`)
    .join(', ')}`,
);
console.log(
  `answers: ${Object.entries(statuses)
    .map(([status, times]) => `${times} ${status}`)
    .join(', ')}; ${Math.round(memory / 1e6)} MB at most`,
);
console.log(`fuzz:requests: ${failures.length} failed, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function startSandbox() {
  const process = fork(new URL('./fuzz/sandbox-process.mjs', import.meta.url), { detached: true });
  const [there] = await once(process, 'message');
  process.on('message', (message) => {
    if ('bug' in message) bugs.push(message.bug);
  });
  return { child: process, ...there };
}

function lives() {
  return child.exitCode === null && child.signalCode === null;
}

/** Ends the sandbox, with all that it has started, whether it listens or not. */
async function stop() {
  const ended = once(child, 'exit');
  if (child.connected) child.send('stop');
  const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 10_000);
  if (lives()) await ended;
  clearTimeout(late);
}

/** A real call is answered, and memory stays within bounds. */
async function lookAfter(index, sent) {
  const target = operations.find(({ service, name }) => service === 'kinesis' && name === 'ListStreams');
  const answer = await exchange(port, signed(requestFor(target, {}), 'kinesis', credentials, port), agent, mostMs);
  if (answer.status !== 200)
    failures.push({ index, problem: `after it the sandbox does not answer a right request: ${JSON.stringify(answer)}`, sent });
  if (!child.connected) return;
  child.send('memory');
  for (;;) {
    const [message] = await once(child, 'message');
    if (!('memory' in message)) continue;
    memory = Math.max(memory, message.memory);
    break;
  }
  if (memory > mostBytes) failures.push({ index, problem: `the sandbox takes ${memory} bytes`, sent });
}

/** Makes what requests are about, as far as it is not there. */
async function furnish() {
  for (const [service, name, input] of furniture) {
    const target = operations.find((each) => each.service === service && each.name === name);
    const { body } = await exchange(port, signed(requestFor(target, input), service, credentials, port), agent, mostMs);
    if (body !== undefined && protocolOf(service) !== 'query') learn(body);
  }
}

function madeInput(random) {
  const all = random.chance(0.95) ? operations.filter(({ implemented }) => implemented) : operations;
  const target = random.pick(all);
  return { target, request: requestFor(target, new Inputs(random, seen).of(target)) };
}

async function signedCase(random) {
  const { target, request } = madeInput(random);
  return ask(signed(request, target.service, credentials, port), target, random);
}

async function bodyCase(random) {
  const { target, request } = madeInput(random);
  const alter = random.pick(Object.values(bodyAlterations));
  return ask(signed(alter(request, random, target.service), target.service, credentials, port), target, random, false);
}

async function signatureCase(random) {
  const { target, request } = madeInput(random);
  const alter = random.pick(signatureAlterations);
  return ask(alter(signed(request, target.service, credentials, port), random), target, random, false);
}

async function ask(request, target, random, exact = true) {
  const patience = patient.has(target.name) ? patienceMs : mostMs;
  const answer = await (random.chance(0.15) ? exchangeHttp2(port, request, patience) : exchange(port, request, agent, patience));
  const sent = { operation: `${target.service}:${target.name}`, ...request, body: request.body.toString('latin1') };
  const outcome = answer.late ? 'late' : (answer.closed ?? `${answer.status}`);
  const name = /^\d/.test(outcome) ? outcome : answer.late ? 'left waiting' : 'closed';
  statuses[name] = (statuses[name] ?? 0) + 1;
  if (answer.late) return { sent, problem: patience === mostMs ? `there is no answer within ${mostMs} ms` : undefined };
  if (answer.closed !== undefined) return { sent };
  if (answer.status < 300 && protocolOf(target.service) !== 'query') learn(answer.body);
  // What was altered may be for another service than it was made for.
  return { sent, problem: answerProblem(answer, exact ? protocolOf(target.service) : undefined, request.method) };
}

function learn(body) {
  try {
    remember(JSON.parse(body.toString('utf8')), seen);
  } catch {
    // It is no JSON, and nothing is learned from it.
  }
}

async function http1Case(random) {
  const { bytes, most } = rawHttp1(random);
  return { problem: rawHttp1Problem(await talk(bytes, random), most), sent: bytes };
}

async function http2Case(random) {
  const bytes = rawHttp2(random);
  return { problem: rawHttp2Problem(await talk(bytes, random)), sent: bytes };
}

/** Sends bytes, in one piece or two, and takes what comes back until nothing more does. */
function talk(bytes, random) {
  const half = random.chance(0.2) ? random.below(bytes.length + 1) : bytes.length;
  const ends = random.chance(0.7);
  return new Promise((resolve) => {
    const chunks = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes.subarray(0, half));
      setImmediate(() => {
        if (half < bytes.length) socket.write(bytes.subarray(half));
        if (ends) socket.end();
      });
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    // A client that keeps a connection open is dropped after a time that is too long to wait for here.
    socket.setTimeout(60, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

function shown(sent) {
  const text = Buffer.isBuffer(sent) ? `bytes: ${sent.toString('base64')}` : JSON.stringify(sent);
  return text.length > 3_000 ? `${text.slice(0, 3_000)}…` : text;
}
