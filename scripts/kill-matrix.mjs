// Kills the runner before, during and after the API calls that it makes in labs 01 to 05, each time in a run of its own
// against a sandbox in another process, and looks whether anything is left: after SIGKILL and `kinesis-labs clean`, and
// after SIGINT and SIGTERM alone. Ends with 1 when there is a leak.
//
//   npm run kill-matrix [-- --all] [-- --seed N] [-- --labs 01,03] [-- --minutes M]
//
// Without --all, every write is tried, and of the reads (which change nothing, so that a death before one leaves what a death
// after it leaves) a sample that the seed determines. Reads that are repeated between two writes count once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allFound } from '../dist/aws/query.js';
import { openSession } from '../dist/aws/session.js';
import { createWait } from '../dist/aws/wait.js';
import { runProgram } from '../dist/cli/program.js';
import { resourceKinds } from '../dist/runner/clean.js';
import { liveLedgers, readLedgers } from '../dist/runner/state-folder.js';
import { stepKinds } from '../dist/steps/registry.js';
import { wallClock } from '../dist/util/clock.js';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const { values: flags } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    labs: { type: 'string', default: '01,02,03,04,05' },
    minutes: { type: 'string', default: '30' },
  },
});
const labs = flags.labs.split(',');
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const hook = fileURLToPath(new URL('./support/at-call.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-kill-'));
const deadline = Date.now() + Number(flags.minutes) * 60_000;
const mostRunMs = 120_000;
// Of the reads, one in so many is tried.
const readsSampled = 6;
const started = performance.now();
const failures = [];

/** A sandbox in a process of its own, and what there is in it. */
async function openGround(name) {
  const home = join(folder, name);
  const child = spawn(process.execPath, [main, 'sandbox', '--json', '--virtual-time'], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { endpoint, environment: env } = JSON.parse(String(line));
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
  const target = { label: endpoint, endpoint, region: env.AWS_REGION, credentials, propagationMs: 0, billed: false };
  const wait = createWait({ clock: wallClock });
  const aws = openSession({ target, readOnly: true, clock: wallClock, wait });
  const kinds = [...(await resourceKinds(stepKinds)).values()];
  return {
    env: { ...environment(home), ...env },
    home,
    endpoint,
    /** Everything that exists: `stream orders`. */
    async inventory() {
      const found = await Promise.all(
        kinds.map(async ({ noun, all }) => (all === undefined ? [] : (await allFound(aws, all)).map((id) => `${noun} ${id}`))),
      );
      return found.flat();
    },
    async close() {
      aws.destroy();
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function environment(home) {
  const { PATH } = process.env;
  return { PATH, HOME: home, KINESIS_LABS_HOME: join(home, 'state') };
}

/** Runs a lab; `at` says which signal is sent at which call. */
async function run(ground, lab, prefix, at) {
  const log = join(folder, `${prefix}.log`);
  writeFileSync(log, '');
  const child = spawn(process.execPath, ['--import', hook, main, 'test', lab, '--target', ground.endpoint, '--prefix', prefix, '--quiet'], {
    env: { ...ground.env, KINESIS_LABS_AT_CALL: JSON.stringify({ log, ...at }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const late = setTimeout(() => child.kill('SIGKILL'), mostRunMs);
  const [code, signal] = await once(child, 'close');
  clearTimeout(late);
  const calls = readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  rmSync(log);
  return { code, signal, output, calls };
}

/** `kinesis-labs clean`, in this process, which has its modules loaded already. */
async function clean(ground) {
  let output = '';
  const out = (text) => (output += text);
  const io = { env: ground.env, cwd: ground.home, interactive: false, colour: false, width: 100, out, err: out, reveal: out };
  return { code: await runProgram(['clean'], io), output };
}

/** One point of the matrix. @returns whether the run came to it. */
async function tryPoint(ground, { lab, point, name, when, signal }, prefix) {
  const where = `lab ${lab}, ${signal} ${when} call ${point} (${name})`;
  const fail = (what, output = '') => failures.push(`${where}: ${what}\n${output.replace(/^/gm, '    ')}`);
  const ended = await run(ground, lab, prefix, { point, when, signal });
  const reached = ended.calls.some((call) => call.point === point);
  if (reached && signal === 'SIGKILL' && ended.signal !== 'SIGKILL') fail(`the runner ended with ${ended.code} instead`, ended.output);
  if (reached && signal !== 'SIGKILL' && ended.code !== 130)
    fail(`the runner ended with ${ended.code ?? ended.signal}, not 130`, ended.output);
  if (!reached && ended.code !== 0) fail(`the run failed by itself, with ${ended.code ?? ended.signal}`, ended.output);
  if (signal === 'SIGKILL') {
    cleanedUp += (await ground.inventory()).length;
    const cleaned = await clean(ground);
    if (cleaned.code !== 0) fail(`clean ended with ${cleaned.code}`, cleaned.output);
  }
  const left = await ground.inventory();
  if (left.length > 0) {
    fail(`LEAK: ${left.join(', ')}`, ended.output);
    leaks += 1;
    await clean(ground);
  }
  const { ledgers } = readLedgers({ path: ground.env.KINESIS_LABS_HOME });
  if (liveLedgers(ledgers).length > 0) fail('a ledger says that something is alive');
  return reached;
}

let leaks = 0;
/** Resources that killed runs left to `clean`. */
let cleanedUp = 0;
let tried = 0;
let missed = 0;
let skipped = 0;
let stopped = false;

/** Numbers that the seed determines (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is tried of the calls of a lab. */
function pointsOf(lab, calls, random) {
  const points = [];
  const add = (call, when, signal) => points.push({ lab, point: call.point, name: call.name, when, signal });
  let polite = 0;
  for (const call of calls) {
    if (flags.all) {
      for (const when of ['before', 'during', 'after']) add(call, when, 'SIGKILL');
      for (const signal of ['SIGINT', 'SIGTERM']) for (const when of ['before', 'after']) add(call, when, signal);
    } else if (call.write) {
      add(call, 'before', 'SIGKILL');
      add(call, random() < 0.3 ? 'during' : 'after', 'SIGKILL');
      add(call, random() < 0.5 ? 'before' : 'after', polite % 2 === 0 ? 'SIGINT' : 'SIGTERM');
      polite += 1;
    } else if (random() < 1 / readsSampled) {
      add(call, random() < 0.5 ? 'before' : 'after', random() < 0.7 ? 'SIGKILL' : random() < 0.5 ? 'SIGINT' : 'SIGTERM');
    }
  }
  return points;
}

// Whoever stops the matrix stops all that it has started: the sandboxes end, and the runs with what is left to do.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopped = true;
  });
}

const grounds = await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) => openGround(`ground-${index}`)));
try {
  const [ground] = grounds;
  const random = randomOf(Number(flags.seed));
  const points = [];
  for (const lab of labs) {
    const { code, output, calls } = await run(ground, lab, `all${lab}`, {});
    if (code !== 0) throw new Error(`Lab ${lab} does not run undisturbed:\n${output}`);
    const its = pointsOf(lab, calls, random);
    points.push(...its);
    console.log(`lab ${lab}: ${calls.length} calls, ${calls.filter(({ write }) => write).length} of them writes; ${its.length} points`);
  }
  const bySignal = (signal) => points.filter((each) => each.signal === signal).length;
  console.log(
    `${points.length} points: ${['SIGKILL', 'SIGINT', 'SIGTERM'].map((signal) => `${bySignal(signal)} ${signal}`).join(', ')} (seed ${flags.seed})`,
  );
  const queue = [...points.entries()];
  await Promise.all(
    grounds.map(async (own) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (stopped || Date.now() > deadline) {
          skipped += 1;
          continue;
        }
        const [index, point] = next;
        if (!(await tryPoint(own, point, `k${index}`))) missed += 1;
        tried += 1;
        if (tried % 50 === 0)
          console.log(`  ${tried} of ${points.length} tried, ${leaks} leaks, ${Math.round((performance.now() - started) / 1000)} s`);
      }
    }),
  );
} finally {
  await Promise.all(grounds.map((ground) => ground.close()));
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.log(`\n${failure}`);
if (skipped > 0) failures.push('not all were tried in time');
// Where nothing ever stayed, nothing was put to the test.
if (cleanedUp === 0 && tried > 0) failures.push('no killed run left anything to clean');
// A run can take another way when something is slow, and then not come to a point; more than a few, and nothing is shown.
if (missed > tried / 20) failures.push('too many points were not reached');
console.log(
  `\nkill matrix: ${tried} points tried${flags.all ? ', all' : ''}, ${missed} not reached, ${skipped} left out for lack of time, ` +
    `${cleanedUp} resources left by killed runs and cleaned, ${leaks} leaks, ${failures.length} failures, ${Math.round((performance.now() - started) / 1000)} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
