// The fault matrix: every fault that the sandbox knows against every call of labs 01 to 05 that can meet it, each in a run
// of its own on virtual time. Prints the count; ends with 1 when a run is neither met nor clear about what is wrong, or
// leaves something behind. Runs on what was built.
//
//   npm run fault-matrix [-- --minutes M] [-- --seed N] [-- --labs 01,03] [-- --only TEXT] [-- --all] [-- --processes N] [-- -v] [-- --report FILE]
//
// First comes one point of each kind of fault in each lab, which the seed chooses, however long they take; then those that say
// most, then the others, as far as the minutes go. With --all, all are tried; with --only, those whose name contains the text.
// -v says what each point came to.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, said } from './fault-matrix/judge.mjs';
import { planOf, runLab } from './fault-matrix/lab-run.mjs';
import { pointsOf } from './fault-matrix/points.mjs';
import { newSeed, Random } from './support/random.mjs';

// Runs wait for functions to start and to time out; others use the time.
const runsPerProcess = 3;

if (process.send === undefined) process.exitCode = await runMatrix();
else await serve();

/** In a process of its own: runs the points that it is sent. */
async function serve() {
  const plans = new Map();
  process.on('message', async ({ index, point: { lab, phase, fault } }) => {
    if (!plans.has(lab)) plans.set(lab, planOf(lab));
    const run = await runLab(await plans.get(lab), { phase, faults: [fault] }).catch((error) => ({ error: String(error.stack) }));
    process.send({ index, run });
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

async function runMatrix() {
  const { values: flags } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '4' },
      seed: { type: 'string', default: String(newSeed()) },
      labs: { type: 'string', default: '01,02,03,04,05' },
      only: { type: 'string', default: '' },
      processes: { type: 'string', default: String(availableParallelism()) },
      verbose: { type: 'boolean', short: 'v', default: false },
      report: { type: 'string' },
    },
  });
  const started = performance.now();
  const end = flags.all || flags.only !== '' ? Number.POSITIVE_INFINITY : started + Number(flags.minutes) * 60_000;
  const found = new Map();
  for (const id of flags.labs.split(',')) found.set(id, await pointsOf(await planOf(id)));
  const points = [...found.values()].flatMap((lab) => lab.points).filter(({ name }) => name.includes(flags.only));
  const { order, kinds } = ordered(points, new Random(flags.seed));
  console.log(`${points.length} points, ${kinds} of them first, one for each kind of fault in each lab (seed ${flags.seed})`);
  const counts = { passed: 0, 'failed clearly': 0, 'not met': 0, wrong: 0 };
  let leaks = 0;
  await runAll(order, { first: kinds, end, processes: Number(flags.processes) }, (point, run) => {
    const { verdict, why } =
      run.error === undefined ? judge(point, run, found.get(point.lab).clean) : { verdict: 'wrong', why: [run.error] };
    counts[verdict] += 1;
    if (run.later?.length > 0 || why.some((each) => each.startsWith('it has left'))) leaks += 1;
    if (verdict === 'wrong') console.log(`WRONG ${point.name}\n${why.map((each) => `      ${each}`).join('\n')}`);
    else if (flags.verbose)
      console.log(`${verdict} ${point.name}${verdict === 'failed clearly' ? `: ${said(run.result, run.unmet)}` : ''}`);
  });
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `fault matrix: ${tried} of ${points.length} points tried: ${counts.passed} passed, ${counts['failed clearly']} failed clearly, ` +
      `${counts['not met']} never met, ${counts.wrong} wrong; ${leaks} leaks, ${seconds} s`,
  );
  // Where no run got along with a fault, nothing was put to the test.
  const failed = counts.wrong + (counts.passed === 0 ? 1 : 0);
  if (flags.report !== undefined) writeFileSync(flags.report, JSON.stringify({ passed: tried - counts.wrong, failed }));
  return failed === 0 && leaks === 0 ? 0 : 1;
}

/** The order in which points are tried, and how many kinds of faults there are in the labs, of which it begins with one each. */
function ordered(points, random) {
  const shuffled = random.shuffled(points);
  const kinds = new Map();
  for (const point of shuffled) if (!kinds.has(kindOf(point))) kinds.set(kindOf(point), point);
  const first = new Set(kinds.values());
  const rank = (point) => (first.has(point) ? 0 : point.urgent ? 1 : 2);
  return { order: shuffled.toSorted((one, other) => rank(one) - rank(other)), kinds: kinds.size };
}

/** What goes wrong, wherever in a lab it does: `03 error,for=2h`. Things that take their time are a kind each. */
function kindOf({ lab, fault }) {
  const [where, what] = fault.split('=', 2);
  return `${lab} ${where.includes(':') ? fault.slice(where.length + 1).replace(/,after=\d+/, '') : `${where}=${what}`}`;
}

/** Hands points to processes until there are no more, or the time is over; the `first` ones in any case. */
async function runAll(points, { first, end, processes }, ended) {
  let next = 0;
  const more = () => next < points.length && (next < first || performance.now() < end);
  await Promise.all(
    Array.from({ length: processes }, () => {
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
