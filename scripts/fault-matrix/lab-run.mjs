// One run of a lab, as `kinesis-labs test` makes it, on a sandbox of its own that is told to misbehave.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReadOnly } from '../../dist/aws/api-call.js';
import { openSession } from '../../dist/aws/session.js';
import { createWait } from '../../dist/aws/wait.js';
import { createCommandRunner } from '../../dist/cli/command-runner.js';
import { sandboxEnvironment } from '../../dist/cli/sandbox-environment.js';
import { cleanRun, resourceKinds } from '../../dist/runner/clean.js';
import { execute } from '../../dist/runner/execute.js';
import { assetsFolder, findLab, readLab } from '../../dist/runner/library.js';
import { modes } from '../../dist/runner/mode.js';
import { planText } from '../../dist/runner/planning.js';
import { proofNonce } from '../../dist/runner/proof/ground.js';
import { beginLedger } from '../../dist/runner/state-folder.js';
import { exitCodeOf } from '../../dist/runner/verdict.js';
import { parseFault } from '../../dist/sandbox/fault.js';
import { startSandbox } from '../../dist/sandbox/start.js';
import { stepKinds } from '../../dist/steps/registry.js';
import { inventory, named } from '../support/inventory.mjs';

const account = '000000000000';
// A run takes seconds; one that takes longer than this is not going to end.
const longestRunMs = 90_000;

// As the program does.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The plan of a lab of the package. @param {string} id `01` */
export async function planOf(id) {
  const path = await findLab(id, process.cwd());
  const { file, text } = await readLab(path, process.cwd());
  const { plan } = await planText(file, text, { kinds: stepKinds, assets: await assetsFolder(path) });
  if (plan === undefined) throw new Error(`${file} is not a lab.`);
  return plan;
}

/**
 * Runs a lab. Each fault is added when the run comes to its `phase`: `start`, the id of a step, or `teardown`; what is wrong
 * then is over when the teardown begins, unless it is the teardown that is meant, or `all` of the run.
 * @param {readonly { phase: string, fault: string }[]} faults
 * @returns what became of it, what it called in which phase, how often each fault was met in which phase, what stood before the
 * teardown, and what was left
 */
export async function runLab(plan, faults = []) {
  const bugs = [];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`The run did not end within ${longestRunMs / 1000} s.`)), longestRunMs);
  const state = mkdtempSync(join(tmpdir(), 'kinesis-labs-faults-'));
  const sandbox = await startSandbox({ account, virtualTime: true, onBug: (error) => bugs.push(error) });
  try {
    const run = { plan, faults, sandbox, state, signal: stop.signal };
    return { ...(await ended(run)), bugs: bugs.map((error) => String(error?.stack ?? error)), timedOut: stop.signal.aborted };
  } finally {
    clearTimeout(timer);
    await sandbox.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

async function ended({ plan, faults, sandbox, state, signal }) {
  const { endpoint, region, credentials, clock } = sandbox;
  const target = { label: 'sandbox', endpoint, region, credentials, endsWithProcess: process.pid, propagationMs: 60_000, billed: false };
  const header = {
    lab: { id: plan.lab.id, file: plan.lab.file },
    target: { label: 'sandbox', region, account, endsWithProcess: process.pid },
  };
  const ledger = beginLedger({ path: state }, { ...header, prefix: '', values: plan.values, nonce: proofNonce }, () => clock.now());
  const watch = watching(sandbox, faults);
  let standing = [];
  let sessions = 0;
  const opened = (options) => {
    const session = openSession(options);
    sessions += 1;
    if (sessions !== 2) return session;
    // The second one takes down. What stands by then is what the steps have made.
    const before = standingIn(sandbox).then((found) => {
      standing = found;
      watch.arm('teardown');
    });
    const call = async (made) => {
      await before;
      return session.call(made);
    };
    return { ...session, call };
  };
  const runCommand = createCommandRunner({ environment: sandboxEnvironment(sandbox) }, { env: { PATH: process.env.PATH } });
  const options = { plan, mode: modes.test, target, account, openSession: opened, clock, ledger, report: watch.report, runCommand };
  const result = await execute({ ...options, signal, abandon: signal });
  sandbox.faults.clear();
  const left = await standingIn(sandbox);
  // What the run says that it has left has to be what there is, and can be removed when the trouble is over.
  const later = left.length === 0 ? left : await cleanedLater({ target, clock, ledger, signal, sandbox });
  ledger.close();
  return { result: told(result), code: exitCodeOf(result), standing, left, later, ...watch.seen() };
}

/** Follows the events of a run: arms the faults, and notes what is called and how long things take on the sandbox's clock. */
function watching(sandbox, faults) {
  const calls = new Map();
  const longest = { what: '', ms: 0 };
  const unmet = [];
  let current = 'start';
  let began = sandbox.clock.now();
  /** How often each fault was met, in which part of the run. */
  const met = [];
  let armed = [];
  const arm = (phase) => {
    const due = faults.filter((each) => each.phase === phase || (each.phase === 'all' && (phase === 'start' || phase === 'teardown')));
    sandbox.faults.add(...due.map(({ fault }) => parseFault(fault)));
    armed.push(...due);
  };
  const disarm = () => {
    const part = current === 'teardown' ? 'teardown' : 'steps';
    for (const [index, state] of sandbox.faults.list.entries()) if (state.met > 0) met.push({ ...armed[index], part });
    sandbox.faults.clear();
    armed = [];
  };
  const enter = (next, at) => {
    if (at - began > longest.ms) Object.assign(longest, { what: current, ms: at - began });
    if (next === 'teardown' || next === 'end') disarm();
    [current, began] = [next, at];
    // What is meant for the teardown is armed when all is seen that stands before it.
    if (next !== 'teardown') arm(next);
  };
  const report = (event) => {
    if (event.type === 'run-started') enter('start', event.at);
    else if (event.type === 'step-started') enter(event.step.block.id, event.at);
    else if (event.type === 'teardown-started') enter('teardown', event.at);
    else if (event.type === 'run-ended') enter('end', event.at);
    else if (event.type === 'findings') unmet.push(...event.findings.filter(({ ok }) => !ok));
    else if (event.type === 'call-answered') {
      const name = `${event.call.service}:${event.call.operation}`;
      const key = `${current} ${name}`;
      const { count = 0 } = calls.get(key) ?? {};
      calls.set(key, { phase: current, call: name, writes: !isReadOnly(event.call), count: count + 1 });
    }
  };
  return { report, arm, seen: () => ({ calls: [...calls.values()], longest, unmet, met }) };
}

/** The part of a result that another process can be told. */
function told({ outcome, problem, left, steps }) {
  const problems = [...steps.map((step) => step.problem), problem].filter((each) => each !== undefined);
  return {
    outcome,
    left: left.map(({ ref, why }) => `${ref.type} ${ref.id}: ${why}`),
    problems: [...new Set(problems.map(({ message }) => message))],
    bug: problems.find((each) => each.bug !== undefined)?.bug.stack,
  };
}

async function cleanedLater({ target, clock, ledger, signal, sandbox }) {
  const kinds = await resourceKinds(stepKinds);
  await cleanRun({ target, clock, ledger, openSession, report: () => undefined, kindOf: (type) => kinds.get(type), abandon: signal });
  return standingIn(sandbox);
}

/** Everything that exists, one line each. */
async function standingIn({ endpoint, region, credentials, clock }) {
  const target = { label: 'sandbox', endpoint, region, credentials, propagationMs: 0, billed: false };
  const aws = openSession({ target, clock, wait: createWait({ clock }), reached: true });
  try {
    return (await inventory(aws)).map((each) => (each.noun === 'event-source mapping' ? unnamed(each) : named(each))).sort();
  } finally {
    aws.destroy();
  }
}

/** The id of a mapping is another one in each run. */
function unnamed({ noun }) {
  return named({ noun, id: '' });
}
