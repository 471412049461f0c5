// The fault matrix: every fault that the sandbox knows against every call of labs 01 to 05 that can meet it, each in a run
// of its own on virtual time. Prints the count; ends with 1 when a run is neither met nor clear about what is wrong, or
// leaves something behind. Runs on what was built.
//   --all            every point (half an hour); otherwise those that say most, and as many others as there is time for
//   --minutes N      the time that there is, 4 by default
//   --seed N         the order of the others; printed, so that a run can be made again
//   --only TEXT      the points whose name contains it
//   -v               what each point came to
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, said } from './fault-matrix/judge.mjs';
import { planOf, runLab } from './fault-matrix/lab-run.mjs';
import { pointsOf } from './fault-matrix/points.mjs';

const labs = ['01', '02', '03', '04', '05'];
// Runs wait for functions to start and to time out; others use the time.
const runsPerProcess = 3;

if (process.send === undefined) process.exitCode = await runMatrix();
else await serve();

/** In a process of its own: runs the points that it is sent. */
async function serve() {
  const plans = new Map(await Promise.all(labs.map(async (id) => [id, await planOf(id)])));
  process.on('message', async ({ index, point }) => {
    const run = await runLab(plans.get(point.lab), { phase: point.phase, faults: [point.fault] }).catch((error) => ({
      error: String(error.stack),
    }));
    process.send({ index, run });
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

async function runMatrix() {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      verbose: { type: 'boolean', short: 'v' },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 100_000);
  const started = performance.now();
  const budgetMs = values.all || values.only ? Number.POSITIVE_INFINITY : Number(values.minutes ?? 4) * 60_000;
  const found = new Map();
  const wanted = labs.filter((id) => !/^\d\d\//.test(values.only ?? '') || values.only.startsWith(`${id}/`));
  for (const id of wanted) found.set(id, await pointsOf(await planOf(id)));
  const all = [...found.values()].flatMap(({ points }) => points).filter(({ name }) => name.includes(values.only ?? ''));
  const ordered = [
    ...shuffled(
      all.filter(({ urgent }) => urgent),
      seed,
    ),
    ...shuffled(
      all.filter(({ urgent }) => !urgent),
      seed,
    ),
  ];
  console.log(`${all.length} points, ${all.filter(({ urgent }) => urgent).length} of them first; seed ${seed}`);
  const counts = { passed: 0, 'failed clearly': 0, 'not met': 0, wrong: 0 };
  let leaks = 0;
  await runAll(ordered, budgetMs - (performance.now() - started), (point, run) => {
    const { verdict, why } =
      run.error === undefined ? judge(point, run, found.get(point.lab).clean) : { verdict: 'wrong', why: [run.error] };
    counts[verdict] += 1;
    if (run.later?.length > 0 || why.some((each) => each.startsWith('it has left'))) leaks += 1;
    if (verdict === 'wrong') console.log(`WRONG ${point.name}\n${why.map((each) => `      ${each}`).join('\n')}`);
    else if (values.verbose)
      console.log(`${verdict} ${point.name}${verdict === 'failed clearly' ? `: ${said(run.result, run.unmet)}` : ''}`);
  });
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `${tried} of ${all.length} points tried in ${seconds} s: ${counts.passed} passed, ${counts['failed clearly']} failed clearly, ` +
      `${counts['not met']} never met, ${counts.wrong} wrong; ${leaks} leaks`,
  );
  return counts.wrong === 0 && leaks === 0 && counts.passed > 0 ? 0 : 1;
}

/** Hands points to processes until there are no more, or the time is over. */
async function runAll(points, budgetMs, ended) {
  const end = performance.now() + budgetMs;
  let next = 0;
  const more = () => next < points.length && performance.now() < end;
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => {
      const worker = fork(fileURLToPath(import.meta.url), { stdio: 'inherit' });
      let running = 0;
      const feed = () => {
        while (running < runsPerProcess && more()) {
          running += 1;
          worker.send({ index: next, point: points[next] });
          next += 1;
        }
        if (running === 0) worker.disconnect();
      };
      worker.on('message', ({ ready, index, run }) => {
        if (!ready) {
          running -= 1;
          ended(points[index], run);
        }
        feed();
      });
      return new Promise((resolve, reject) => {
        worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A process of the matrix ended with ${code}.`))));
      });
    }),
  );
}

/** The same in an order that the seed decides. */
function shuffled(list, seed) {
  const result = [...list];
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
