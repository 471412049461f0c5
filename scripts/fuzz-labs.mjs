// Lab files by the thousand, most of them wrong: each is linted, some that are valid are run, some through processes of their
// own. Whatever is in a file, there is never a stack trace, a hang, a wrong exit code, or something left behind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { labCases } from './fuzz/lab-cases.mjs';
import { commandLineProblems } from './fuzz/lab-processes.mjs';
import { Pool } from './fuzz/pool.mjs';
import { shrink } from './fuzz/shrink.mjs';
import { newSeed, Random } from './support/random.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(newSeed()) },
    count: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '200' },
    processes: { type: 'string', default: '36' },
    /** The number of one case, which alone is tried. */
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const only = values.case === undefined ? undefined : Number(values.case);
const workers = 2;
const batch = 100;
const lintMs = 30_000;
const runMs = 90_000;
const mostFailures = 5;

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-fuzz-'));
const pool = new Pool(new URL('./fuzz/lab-worker.mjs', import.meta.url), workers, folder);
const makeCase = await labCases();
const failures = [];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => close().then(() => process.exit(code)));

console.log(`fuzz:labs --seed ${seed}`);
try {
  const linted = await lintAll();
  console.log(`${linted.count} lab files (${counts(linted.ways)}), ${linted.valid.length} of them valid: ${seconds()} s`);
  const runs = await runSome(linted.valid);
  console.log(`${runs.count} of them run on virtual time (${counts(runs.codes)}): ${seconds()} s`);
  const processes = await commandLineProblems(
    sample(linted.valid, linted.count, Number(values.processes)),
    (index) => makeCase(seed, index).bytes,
    folder,
  );
  for (const { index, problem } of processes.problems) failures.push({ index, problem, bytes: makeCase(seed, index).bytes });
  console.log(`${processes.count} through processes of their own (${counts(processes.codes)}): ${seconds()} s`);
} finally {
  await close();
}
for (const failure of failures) report(failure);
console.log(`fuzz:labs: ${failures.length} failed, ${seconds()} s`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Ends what is still at work, and removes what everything has left. */
async function close() {
  await pool.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function lintAll() {
  const [first, count] = only === undefined ? [0, Number(values.count)] : [only, 1];
  const total = { count: 0, valid: [], ways: {} };
  const batches = [];
  for (let from = first; from < first + count; from += batch) batches.push([from, Math.min(first + count, from + batch)]);
  await eachOf(batches, async ([start, to]) => {
    for (let from = start; from < to && failures.length < mostFailures; ) {
      const { valid = [], ways = {}, failed, failure, progress } = await pool.run({ task: 'lint', seed, from, to }, lintMs);
      total.valid.push(...valid);
      for (const [way, ended] of Object.entries(ways)) total.ways[way] = (total.ways[way] ?? 0) + ended;
      const wrong = failed ?? (failure === undefined ? undefined : { index: progress ?? from, problem: failure });
      const next = wrong === undefined ? to : wrong.index + 1;
      total.count += next - from;
      from = next;
      if (wrong !== undefined) await minimise(wrong);
    }
  });
  total.valid.sort((one, other) => one - other);
  return total;
}

/** What is left of a failing file when everything is taken out that does not matter. */
async function minimise({ index, problem }) {
  const { bytes } = makeCase(seed, index);
  const json = index % 4 === 0;
  const kind = signature(problem);
  const fails = async (smaller) => {
    const again = await pool.run({ task: 'lintBytes', bytes: smaller.toString('base64'), json }, lintMs);
    return signature(again.failure ?? again.problem) === kind;
  };
  failures.push({ index, problem, bytes: await shrink(bytes, fails, { tries: 400, ms: 30_000 }) });
}

function signature(problem) {
  return problem?.replace(/\d+/g, '0').slice(0, 40);
}

async function runSome(valid) {
  const chosen = sample(valid, valid.length, only === undefined ? Number(values.runs) : 1);
  const total = { count: 0, codes: {} };
  await eachOf(chosen, async (index) => {
    if (failures.length >= mostFailures) return;
    const { bytes } = makeCase(seed, index);
    const { problem, code, failure } = await pool.run({ task: 'run', bytes: bytes.toString('base64') }, runMs);
    total.count++;
    total.codes[code] = (total.codes[code] ?? 0) + 1;
    if (problem ?? failure) failures.push({ index, problem: `As it runs, ${problem ?? failure}`, bytes });
  });
  return total;
}

/** Some of the numbers, spread by chance; where there are fewer valid ones than are wanted, others as well. */
function sample(valid, count, most) {
  const random = new Random(seed, 'sample');
  const wanted = new Set();
  for (let tries = 0; wanted.size < Math.min(most, count) && tries < most * 20; tries++) {
    wanted.add(valid.length > 0 && (count === valid.length || random.chance(0.5)) ? random.pick(valid) : (only ?? random.below(count)));
  }
  return [...wanted];
}

async function eachOf(list, work) {
  const rest = list.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const each of rest) await work(each);
    }),
  );
}

function report({ index, problem, bytes }) {
  console.log(`\nCase ${index} (npm run fuzz:labs -- --seed ${seed} --case ${index}): ${problem}`);
  const text = bytes.toString('utf8');
  const shown = Buffer.from(text).equals(bytes) ? JSON.stringify(text) : `in base64: ${bytes.toString('base64')}`;
  console.log(shown.length > 4_000 ? `${shown.slice(0, 4_000)}…` : shown);
}

function counts(tally) {
  if (Object.keys(tally).length === 0) return 'none';
  return Object.entries(tally)
    .map(([name, count]) => `${count} ${/^\d+$/.test(name) ? `ended with ${name}` : name}`)
    .join(', ');
}

function seconds() {
  return ((performance.now() - started) / 1_000).toFixed(0);
}
