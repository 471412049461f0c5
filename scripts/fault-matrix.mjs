// The fault matrix: every fault that the sandbox knows against every call of labs 01 to 05 that can meet it, on virtual time.
// Prints the count; ends with 1 when a run is neither met nor clear about what is wrong, or leaves something behind. Runs on
// what was built.
//
// What does not pass by itself has a run of its own. What passes shares one with what passes in other steps, and with a few
// others in the teardown; where such a run is wrong, each of them is tried again alone.
//
//   npm run fault-matrix [-- --minutes M] [-- --seed N] [-- --labs 01,03] [-- --only TEXT] [-- --processes N] [-- -v] [-- --report FILE]
//
// First comes what passes, and one point of each other kind of fault in each lab, which the seed chooses, however long they take;
// then those that say most, then the others, as far as the minutes go. Without --minutes, all are tried; with --only, those
// whose name contains the text. -v says what each point came to.
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
// Each is met by a removal of its own, as a rule.
const mostInTeardown = 4;

if (process.send === undefined) process.exitCode = await runMatrix();
else await serve();

/** In a process of its own: runs the points that it is sent. */
async function serve() {
  const plans = new Map();
  process.on('message', async ({ index, points: [...points] }) => {
    const [{ lab }] = points;
    if (!plans.has(lab)) plans.set(lab, planOf(lab));
    const run = await runLab(await plans.get(lab), points).catch((error) => ({ error: String(error.stack) }));
    process.send({ index, run });
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

async function runMatrix() {
  const { values: flags } = parseArgs({
    options: {
      minutes: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: String(newSeed()) },
      labs: { type: 'string', default: '01,02,03,04,05' },
      only: { type: 'string', default: '' },
      processes: { type: 'string', default: String(availableParallelism()) },
      verbose: { type: 'boolean', short: 'v', default: false },
      report: { type: 'string' },
    },
  });
  const started = performance.now();
  const end = started + Number(flags.minutes) * 60_000;
  const found = new Map();
  for (const id of flags.labs.split(',')) found.set(id, await pointsOf(await planOf(id)));
  const points = [...found.values()].flatMap((lab) => lab.points).filter(({ name }) => name.includes(flags.only));
  const runs = ordered(points, new Random(flags.seed));
  console.log(
    `${points.length} points in ${runs.length} runs, ${runs.filter(({ due }) => due).length} of them in any case (seed ${flags.seed})`,
  );
  const counts = { passed: 0, 'failed clearly': 0, 'not met': 0, wrong: 0 };
  const failures = [];
  let leaks = 0;
  const count = (point, run, { verdict, why }) => {
    counts[verdict] += 1;
    if (run.later?.length > 0 || why.some((each) => each.startsWith('it has left'))) leaks += 1;
    if (verdict === 'wrong') {
      failures.push(`${point.name}: ${why.join('; ')}`);
      console.log(`WRONG ${point.name}\n${why.map((each) => `      ${each}`).join('\n')}`);
    } else if (flags.verbose)
      console.log(`${verdict} ${point.name}${verdict === 'failed clearly' ? `: ${said(run.result, run.unmet)}` : ''}`);
  };
  await runAll(runs, { end, processes: Number(flags.processes) }, ({ points: tried }, run) => {
    const judged = tried.map((point) => [point, verdictOn(point, run, found.get(point.lab).clean)]);
    const shared = tried.length > 1;
    if (shared && judged.some(([, { verdict }]) => verdict === 'wrong')) {
      console.log(`Tried again, each alone: ${tried.map(({ name }) => name).join(', ')}: ${judged[0][1].why.join('; ')}`);
      return tried.map((point) => ({ points: [point], due: true }));
    }
    for (const [point, ended] of judged) count(point, run, ended);
    return [];
  });
  const tried = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `fault matrix: ${tried} of ${points.length} points tried: ${counts.passed} passed, ${counts['failed clearly']} failed clearly, ` +
      `${counts['not met']} never met, ${counts.wrong} wrong; ${leaks} leaks, ${seconds} s`,
  );
  // Where no run got along with a fault, nothing was put to the test.
  if (counts.passed === 0) failures.push('no run got along with a fault');
  if (flags.report !== undefined) writeFileSync(flags.report, JSON.stringify({ passed: tried - counts.wrong, failures }));
  return failures.length === 0 && leaks === 0 ? 0 : 1;
}

function verdictOn(point, run, clean) {
  return run.error === undefined ? judge(point, run, clean) : { verdict: 'wrong', why: [run.error] };
}

/** The runs in the order in which they are made; those that are `due` are made however long it takes. */
function ordered(points, random) {
  const shuffled = random.shuffled(points);
  const kinds = new Map();
  for (const point of shuffled) if (!point.passes && !kinds.has(kindOf(point))) kinds.set(kindOf(point), point);
  const first = new Set(kinds.values());
  const rank = (point) => (first.has(point) ? 0 : point.urgent ? 1 : 2);
  const alone = shuffled.filter(({ passes }) => !passes).toSorted((one, other) => rank(one) - rank(other));
  return [
    ...shared(shuffled.filter(({ passes }) => passes)).map((some) => ({ points: some, due: true })),
    ...alone.map((point) => ({ points: [point], due: first.has(point) })),
  ];
}

/** Points of one lab that can share a run. */
function shared(points) {
  const all = [];
  for (const point of points) {
    const fitting = all.find((some) => {
      if (some[0].lab !== point.lab) return false;
      const beside = some.filter(({ phase }) => phase === point.phase);
      return beside.length < (point.phase === 'teardown' ? mostInTeardown : 1) && beside.every((each) => whereOf(each) !== whereOf(point));
    });
    if (fitting === undefined) all.push([point]);
    else fitting.push(point);
  }
  return all;
}

/** What a fault is about: a call, or a thing that takes its time. */
function whereOf({ fault }) {
  return fault.split('=', 1)[0];
}

/** What goes wrong, wherever in a lab it does: `03 error,for=2h`. Things that take their time are a kind each. */
function kindOf({ lab, fault }) {
  const [where, what] = fault.split('=', 2);
  return `${lab} ${where.includes(':') ? fault.slice(where.length + 1).replace(/,after=\d+/, '') : `${where}=${what}`}`;
}

/** Hands runs to processes until there are no more, or the time is over; those that are due in any case. `ended` says what is to be run next. */
async function runAll(runs, { end, processes }, ended) {
  let next = 0;
  const more = () => next < runs.length && (runs[next].due || performance.now() < end);
  await Promise.all(
    Array.from({ length: processes }, () => {
      const worker = fork(fileURLToPath(import.meta.url), { stdio: 'inherit' });
      let running = 0;
      const feed = () => {
        while (running < runsPerProcess && more()) {
          running += 1;
          worker.send({ index: next, points: runs[next].points });
          next += 1;
        }
        if (running === 0) worker.disconnect();
      };
      worker.on('message', ({ ready, index, run }) => {
        if (!ready) {
          running -= 1;
          runs.splice(next, 0, ...ended(runs[index], run));
        }
        feed();
      });
      return new Promise((resolve, reject) => {
        worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A process of the matrix ended with ${code}.`))));
      });
    }),
  );
}
