// The kill matrix: the runner is killed before, during and after the API calls that it makes in labs 01 to 05, each time in a
// run of its own against a sandbox in another process; then it is looked whether anything is left: after SIGKILL and
// `kinesis-labs clean`, and after SIGINT and SIGTERM alone. Runs on what was built. Ends with 1 when something was left, a run
// ended with another exit code than it should, a ledger says that something is alive, or a point was not reached. (Only what is
// polled can be answered well earlier than in the undisturbed runs, so that it is not asked again; such points are counted.)
//
//   npm run kill-matrix [-- --minutes M] [-- --seed N] [-- --labs 01,03] [-- --only TEXT] [-- --at-once N] [-- --report FILE]
//
// SIGKILL comes before and after every call, polls that are repeated among them, and while a write is under way. Two of these
// instants are taken for one only where no death can tell them apart: what outlives the runner is its state folder and AWS.
// So "after the answer to one call" and "before the next call" are one point where the files of the state folder are the same
// at both (an undisturbed run writes down a hash of them), and the run has not let the sandbox's time jump in between.
// SIGINT and SIGTERM come before and after every write, and on one side of every read.
//
// Points are tried in this order, as far as the minutes go: each state that a death can find (the first instant after the
// state folder, AWS or the time has changed), every write in the middle, each write with SIGINT and SIGTERM, and a sample of
// the reads; then the others. The seed determines the order of both and the sample. Without --minutes, all are tried; with
// --only, those whose name contains the text, as a failure prints it: `SIGINT before call 12`.
//
// The program itself is started for each of those deaths. To start it takes longer than a lab does, so the other points share
// processes: some runs, each on a sandbox of its own, wait for each other at their points, and one signal strikes them all. A
// process that outlives its signal does the next runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openGround, openTogether, runAlone } from './kill-matrix/ground.mjs';
import { pointsOf } from './kill-matrix/points.mjs';
import { newSeed, Random } from './support/random.mjs';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: String(newSeed()) },
    labs: { type: 'string', default: '01,02,03,04,05' },
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: 'Infinity' },
    'at-once': { type: 'string', default: String(Math.max(2, availableParallelism())) },
    together: { type: 'string', default: '8' },
    report: { type: 'string' },
  },
});
const labs = flags.labs.split(',');
const started = performance.now();
const deadline = started + Number(flags.minutes) * 60_000;
const atOnce = Number(flags['at-once']);
// So many runs share a process.
const together = Number(flags.together);
// A call that is polled is not made equally often in each run.
const undisturbedRuns = 3;
const mostTries = 3;

const failures = [];
const counts = { passed: 0, leaks: 0, again: 0, fewerPolls: 0, cleaned: 0 };
let stopped = false;

/** Whether a run came to its point, what is wrong with how it ended, and what it printed. */
async function judge(ground, { call, when, signal }, ended) {
  const reached = ended.log.some((each) => each.call === call && (when !== 'after' || each.when === 'after'));
  const wrong = [];
  if (reached && signal === 'SIGKILL' && ended.signal !== 'SIGKILL') wrong.push(`the runner ended with ${ended.code} instead`);
  // Node.js hands over what came from sockets before it hands over signals. So a run that has one more call to make may have its
  // answer, and be done with all of it, before it hears of the signal.
  const struck = ended.log.findIndex((each) => each.call === call && each.when === when);
  const over = ended.code === 0 && ended.log.slice(struck + 1).filter((each) => each.when === 'before').length <= 1;
  if (reached && signal !== 'SIGKILL' && ended.code !== 130 && !over)
    wrong.push(`the runner ended with ${ended.code ?? ended.signal}, not 130`);
  if (!reached && ended.code !== 0) wrong.push(`the run failed by itself, with ${ended.code ?? ended.signal}`);
  let { output } = ended;
  if (signal === 'SIGKILL') {
    counts.cleaned += (await ground.inventory()).length;
    const cleaned = await ground.clean();
    output += cleaned.output;
    if (cleaned.code !== 0) wrong.push(`clean ended with ${cleaned.code}`);
  }
  const left = await ground.inventory();
  if (left.length > 0) {
    counts.leaks += 1;
    wrong.push(`LEAK: ${left.join(', ')}`);
  }
  const alive = ground.alive();
  if (alive.length > 0) wrong.push(`the ledger of ${alive.join(', ')} says that something is alive`);
  return { reached, wrong, output };
}

async function tryAlone(ground, point) {
  return judge(ground, point, await runAlone(ground, point.lab, point));
}

/** Tries a point on the ground of a lane, which is another one afterwards when something was wrong, so that nothing is left of it. */
async function settleAlone(lane, place, point) {
  await settle(lane, place, point, await tryAlone(lane.grounds[place], point));
}

/** Tries points of one signal in the process of a lane, each on a ground of its own. */
async function settleTogether(lane, batch) {
  const entries = batch.map(({ lab, call, when }, index) => ({ ground: lane.grounds[index], lab, call, when }));
  const ended = await lane.together.run(entries, batch[0].signal);
  await Promise.all(batch.map(async (point, index) => settle(lane, index, point, await judge(lane.grounds[index], point, ended[index]))));
}

async function settle(lane, place, point, first) {
  let ended = first;
  for (let tries = 1; !ended.reached && ended.wrong.length === 0 && tries < mostTries; tries += 1) {
    counts.again += 1;
    console.log(`  not reached, tried again: ${nameOf(point)}`);
    ended = await tryAlone(lane.grounds[place], point);
  }
  tried.push(point);
  if (tried.length % 50 === 0) console.log(`  ${tried.length} of ${points.length} tried, ${failures.length} failed, ${seconds()} s`);
  const { reached, wrong, output } = ended;
  if (!reached && wrong.length === 0) {
    if (point.call.includes('+')) {
      counts.fewerPolls += 1;
      return;
    }
    wrong.push(`not reached in ${mostTries} runs`);
  }
  if (wrong.length === 0) {
    counts.passed += 1;
    return;
  }
  const failure = `${nameOf(point)}: ${wrong.join('; ')}`;
  failures.push(failure);
  console.log(`\nFAILED ${failure}\n${output.replace(/^/gm, '    ')}`);
  await lane.grounds[place].close();
  lane.grounds[place] = await openGround(newHome());
}

/** Does work on each item, on one after the other in each of some places. */
async function inPlaces(places, items, work) {
  const queue = items.values();
  await Promise.all(
    places.map(async (place) => {
      for (const item of queue) await work(place, item);
    }),
  );
}

function nameOf({ lab, call, name, when, signal }) {
  return `lab ${lab}, ${signal} ${when} call ${call} (${name})`;
}

/** Where points are tried one after another: as many grounds as runs share a process, and that process. */
async function openLane() {
  const grounds = await Promise.all(Array.from({ length: together }, () => openGround(newHome())));
  return { grounds, together: openTogether(newHome()) };
}

function newHome() {
  return mkdtempSync(join(folder, 'ground-'));
}

async function allPoints(random) {
  const logs = new Map(labs.map((lab) => [lab, []]));
  const runs = Array.from({ length: undisturbedRuns }, () => labs).flat();
  await inPlaces(lanes, runs, async ({ grounds }, lab) => {
    const { code, output, log } = await runAlone(grounds[0], lab);
    if (code !== 0) throw new Error(`Lab ${lab} does not run undisturbed:\n${output}`);
    logs.get(lab).push(log);
  });
  return labs.flatMap((lab) => {
    const { calls, writes, points } = pointsOf(lab, logs.get(lab), random);
    const first = points.filter((each) => each.first).length;
    console.log(`lab ${lab}: ${calls} calls, ${writes} of them writes; ${points.length} points, ${first} of them first`);
    return points;
  });
}

function bySignal(points) {
  return ['SIGKILL', 'SIGINT', 'SIGTERM'].map((each) => `${points.filter(({ signal }) => signal === each).length} ${each}`).join(', ');
}

// Whoever stops the matrix stops all that it has started: the sandboxes end, and the runs with what is left to do.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopped = true;
  });
}

const over = () => stopped || performance.now() > deadline;
const folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-kill-'));
const lanes = await Promise.all(Array.from({ length: atOnce }, openLane));
const random = new Random(flags.seed);
const tried = [];
let points = [];
try {
  points = (await allPoints(random)).filter((point) => nameOf(point).includes(flags.only));
  console.log(`${points.length} points: ${bySignal(points)} (seed ${flags.seed})`);
  // Two in each lane: a run alone waits for functions to start and to time out, and others use the time.
  const seats = lanes.flatMap((lane) => lane.grounds.slice(0, 2).map((_, place) => ({ lane, place })));
  const alone = random.shuffled(points.filter(isAlone));
  await inPlaces(seats, alone, async ({ lane, place }, point) => {
    if (!over()) await settleAlone(lane, place, point);
  });
  const shared = [true, false].flatMap((first) =>
    batches(random.shuffled(points.filter((point) => !isAlone(point) && point.first === first))),
  );
  await inPlaces(lanes, shared, async (lane, batch) => {
    if (!over()) await settleTogether(lane, batch);
  });
} finally {
  await Promise.all(lanes.flatMap((lane) => [lane.together, ...lane.grounds]).map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
}

/** Whether the program itself is started for a point: what a death finds there is found nowhere else. */
function isAlone({ signal, first }) {
  return signal === 'SIGKILL' && first;
}

/** Points that can share a process: they take about as long, being of one lab, and are struck by the same signal. */
function batches(points) {
  const open = new Map();
  const all = [];
  for (const point of points) {
    const kind = `${point.lab} ${point.signal}`;
    const batch = open.get(kind) ?? [];
    if (batch.length === 0) all.push(batch);
    batch.push(point);
    open.set(kind, batch.length < together ? batch : []);
  }
  // Each SIGKILL costs the start of a process.
  return all.sort(([one], [other]) => Number(one.signal === 'SIGKILL') - Number(other.signal === 'SIGKILL'));
}

function seconds() {
  return Math.round((performance.now() - started) / 1000);
}

function lack(what) {
  failures.push(what);
  console.log(`FAILED ${what}`);
}

if (stopped) lack('it was stopped');
if (tried.length === 0) lack('nothing was tried');
for (const lab of flags.only === '' ? labs : [])
  for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'])
    if (!tried.some((each) => each.lab === lab && each.signal === signal)) lack(`${signal} was not tried in lab ${lab}`);
if (counts.fewerPolls > tried.length / 20) lack('too many calls were not made again that undisturbed runs make again');
// Where nothing ever stayed, nothing was put to the test.
if (flags.only === '' && counts.cleaned === 0) lack('no killed run left anything to clean');
const first = { all: points.filter((each) => each.first).length, tried: tried.filter((each) => each.first).length };
console.log(
  `\nkill matrix: ${tried.length} of ${points.length} points tried (${bySignal(tried)}; ${first.tried} of the ${first.all} that are tried first), ` +
    `${counts.again} runs made again, ${counts.fewerPolls} polls not come to, ${counts.cleaned} resources left by killed runs and cleaned; ${counts.leaks} leaks, ${failures.length} failed, ${seconds()} s`,
);
if (flags.report !== undefined) writeFileSync(flags.report, JSON.stringify({ passed: counts.passed, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
