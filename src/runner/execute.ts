import { AccessLost } from '../aws/access-lost.ts';
import type { ResourceKind } from '../steps/resource.ts';
import { identityOf } from '../util/process-identity.ts';
import { startStopwatch } from '../util/stopwatch.ts';
import { claimAhead } from './claim.ts';
import type { Problem, Resumed, RunResult, StepOutcome } from './event.ts';
import { refKey } from './ledger.ts';
import type { SessionStep } from './ledger-text.ts';
import type { Known, Plan } from './plan.ts';
import { failureOf } from './problem.ts';
import { type DoneOutcome, doneSteps, labChanges, progressOf } from './progress.ts';
import { guideOf, openWorkshop, type RunOptions, type Workshop } from './run.ts';
import { runStep, type StepEnd, type Unasked } from './run-step.ts';
import { isKept, keepAll, survey, teardown } from './teardown.ts';

/** What the sessions of the run before this one have come to. */
interface Earlier {
  /** The steps of the lab, as they are now. */
  readonly steps: readonly SessionStep[];
  readonly done: ReadonlyMap<string, DoneOutcome>;
}

/** What became of the steps, before the teardown. */
interface Walk {
  readonly outcome: RunResult['outcome'];
  readonly steps: RunResult['steps'];
  readonly problem?: Problem;
  /** Whether a call of the steps was cut off, whose effect may still come. */
  readonly cutOff: boolean;
}

/**
 * Runs a lab: each step in order, in the way that the mode says, then the teardown. Everything that happens is reported.
 * An interruption (`signal`) ends the steps, not the teardown.
 *
 * Never throws for what AWS answers, what a lab does wrong, or a bug in a step: all of them are results.
 */
export async function execute(options: RunOptions): Promise<RunResult> {
  const { plan, mode, target, account, clock, ledger, report } = options;
  const { run, nonce } = ledger.header;
  const elapsed = startStopwatch();
  // Nothing is written down of a run that only looks.
  const steps = mode.apply === 'never' ? [] : await sessionSteps(plan);
  const earlier: Earlier = { steps, done: mode.earlier === 'counts' ? doneSteps(ledger.entries, steps) : new Map() };
  const resumed = resumedFrom(options, steps);
  report({
    type: 'run-started',
    at: clock.now(),
    plan,
    mode: mode.name,
    runId: run,
    nonce,
    target: target.label,
    region: target.region,
    account,
    lasting: target.endsWithProcess === undefined,
    ...(resumed === undefined ? {} : { resumed }),
  });
  const walked = await walk(options, earlier);
  const ended = await tearDown(options, walked.cutOff);
  const result: RunResult = {
    outcome: walked.outcome === 'met' && options.signal.aborted ? 'interrupted' : walked.outcome,
    ...tally(options, walked.steps, earlier),
    steps: walked.steps,
    left: ended.left,
    durationMs: elapsed(),
    ...((walked.problem ?? ended.problem) ? { problem: walked.problem ?? ended.problem } : {}),
  };
  if (mode.apply !== 'never') ledger.note({ entry: 'ended', outcome: result.outcome });
  report({ type: 'run-ended', at: clock.now(), result });
  return result;
}

function sessionSteps({ steps }: Plan): Promise<readonly SessionStep[]> {
  return Promise.all(steps.map(async ({ block, content }) => ({ id: block.id, content: await content(), points: block.points })));
}

function resumedFrom({ ledger, mode }: RunOptions, steps: readonly SessionStep[]): Resumed | undefined {
  const { entries, header } = ledger;
  const progress = progressOf(entries, steps);
  if (mode.earlier === 'ignored' || entries.length === 0 || progress === undefined) return undefined;
  return { progress, changes: labChanges(entries, steps), prefix: header.prefix, set: header.set ?? {} };
}

async function walk(options: RunOptions, earlier: Earlier): Promise<Walk> {
  const { mode, ledger, target } = options;
  const workshop = openWorkshop({ ...options, readOnly: mode.apply === 'never' });
  const steps: RunResult['steps'][number][] = [];
  try {
    const known = { outputs: {}, nonce: ledger.header.nonce, started: ledger.header.started };
    if (mode.apply !== 'never') {
      const { endsWithProcess } = target;
      ledger.note({
        entry: 'session',
        mode: mode.name,
        steps: earlier.steps,
        ...(options.until === undefined ? {} : { until: options.until }),
        ...(endsWithProcess === undefined ? {} : { endsWithProcess: identityOf(endsWithProcess) }),
      });
    }
    const alive = new Set(ledger.live.map(({ ref }) => refKey(ref)));
    const place = mode.apply === 'asked' ? { partition: 'aws', region: target.region, account: options.account } : undefined;
    if (mode.apply !== 'never') await claimAhead(options.plan, known, ledger, workshop, place);
    const last = await walkSteps({ ...options, earlier, alive }, workshop, known, steps);
    return { steps, ...verdict(steps, last), cutOff: workshop.cutOff };
  } catch (error) {
    const { cutOff } = workshop;
    if (options.signal.aborted) return { outcome: 'interrupted', steps, cutOff };
    return { outcome: 'could-not-run', steps, problem: failureOf(error).problem, cutOff };
  } finally {
    workshop.close();
  }
}

interface WalkOptions extends RunOptions {
  readonly earlier: Earlier;
  /** What the run knew to be alive when it was taken up. */
  readonly alive: ReadonlySet<string>;
}

/** Adds each step to `steps` as it ends. @returns how the last one ended. */
async function walkSteps(
  options: WalkOptions,
  workshop: Workshop,
  start: Known,
  steps: RunResult['steps'][number][],
): Promise<StepEnd | undefined> {
  const { plan, mode, earlier } = options;
  let known = start;
  let worst: StepEnd | undefined;
  // What comes after a step that was worked on builds on it, and is not what it was.
  let untouched = true;
  for (const [index, planned] of plan.steps.entries()) {
    const { id } = planned.block;
    const unasked = unaskedStep(index, untouched, options);
    const step = { planned, index, known, content: earlier.steps[index]?.content ?? '', earned: earlier.done.get(id) === 'met' };
    const end = await runStep({ ...step, ...(unasked === undefined ? {} : { unasked }) }, options, workshop);
    steps.push({ id, outcome: end.outcome, ...(end.problem === undefined ? {} : { problem: end.problem }) });
    known = { ...known, outputs: { ...known.outputs, [id]: end.outputs } };
    untouched &&= end.taken === 'found' || end.taken === 'trusted';
    if (end.stop === 'quit' || end.stop === 'interrupted') return end;
    if (end.stop === 'could-not-run') worst = end;
    if (mode.onFailure !== 'go-on' && end.outcome !== 'met' && end.outcome !== 'skipped') return end;
  }
  return worst;
}

/** How a step is taken up that is not asked for: one that is done, or that stands before the one to begin with. */
function unaskedStep(index: number, untouched: boolean, { plan, from, earlier, alive, target }: WalkOptions): Unasked | undefined {
  const firstAsked = from === undefined ? undefined : plan.steps.findIndex(({ block }) => block.id === from);
  if (firstAsked !== undefined && index >= firstAsked) return undefined;
  const outcome = earlier.done.get(plan.steps[index]?.block.id ?? '');
  if (outcome === undefined) return firstAsked === undefined ? undefined : { outcome: 'skipped', why: 'jumped', untouched };
  const lasting = target.endsWithProcess === undefined;
  return { outcome, why: 'done', untouched, ...(lasting ? { alive } : {}) };
}

function verdict(steps: RunResult['steps'], last: StepEnd | undefined): Pick<Walk, 'outcome' | 'problem'> {
  if (last?.stop !== undefined)
    return { outcome: last.stop, ...(last.problem && last.stop === 'could-not-run' ? { problem: last.problem } : {}) };
  const looked = steps.filter(({ outcome }) => outcome !== 'left-out');
  // Where nothing could be looked at, nothing was shown to be met.
  const met = looked.length > 0 && looked.every(({ outcome }) => outcome === 'met' || outcome === 'skipped');
  return { outcome: met ? 'met' : 'not-met' };
}

/** What the run has come to so far: what is known of each step from this session, or else from those before. */
function tally({ plan }: RunOptions, steps: RunResult['steps'], { done }: Earlier): Pick<RunResult, 'met' | 'points'> {
  const outcomes = new Map<string, StepOutcome>(done);
  for (const { id, outcome } of steps) if (outcome !== 'unchecked' || !outcomes.has(id)) outcomes.set(id, outcome);
  const ending = (wanted: (outcome: StepOutcome | undefined) => boolean) =>
    plan.steps.filter(({ block }) => wanted(outcomes.get(block.id)));
  const sum = (counted: Plan['steps']) => counted.reduce((total, { block }) => total + block.points, 0);
  const met = ending((outcome) => outcome === 'met');
  return { met: met.length, points: { earned: sum(met), possible: sum(ending((outcome) => outcome !== 'left-out')) } };
}

/** Takes down or keeps, with a session of its own: that of the steps may have been interrupted. */
async function tearDown(options: RunOptions, cutOff: boolean): Promise<Pick<RunResult, 'left' | 'problem'>> {
  const { ledger, clock, report, abandon, mode } = options;
  if (mode.teardown === 'never' || ledger.live.length === 0) return { left: [] };
  const kinds = await kindsToRemove(options);
  const workshop = openWorkshop({ ...options, readOnly: false, signal: abandon });
  const { keep } = options;
  const kindOf = (type: string) => kinds.get(type);
  const tools = {
    ledger,
    kindOf,
    context: workshop,
    report,
    now: () => clock.now(),
    cutOff,
    abandon,
    ...(keep === undefined ? {} : { keep }),
  };
  try {
    if (keep !== 'everything' && mode.teardown === 'always') return { left: await teardown(tools) };
    const alive = await survey(tools);
    const refs = alive.filter((ref) => !isKept(ref, keep, kindOf));
    if (refs.length > 0 && (await guideOf(options).confirmTeardown({ refs, signal: abandon }))) return { left: await teardown(tools) };
    keepAll(alive, tools);
    return { left: [] };
  } catch (error) {
    const { problem } = failureOf(error);
    const why = abandon.aborted ? 'the teardown was interrupted' : problem.message;
    const lost = error instanceof AccessLost ? { lost: error.reason } : {};
    return { left: ledger.live.map(({ ref }) => ({ ref, why, ...lost })), ...(abandon.aborted ? {} : { problem }) };
  } finally {
    workshop.close();
  }
}

/** How what is alive is removed: as the steps of the lab say; what a step made that it no longer has, as all kinds say. */
async function kindsToRemove({ plan, ledger, allResources }: RunOptions): Promise<ReadonlyMap<string, ResourceKind>> {
  const kinds = new Map<string, ResourceKind>(plan.steps.flatMap(({ kind }) => kind.resources.map((each) => [each.type, each])));
  if (allResources === undefined || ledger.live.every(({ ref }) => kinds.has(ref.type))) return kinds;
  return allResources();
}
