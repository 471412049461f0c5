import { AccessLost } from '../aws/access-lost.ts';
import type { ResourceKind } from '../steps/step.ts';
import { startStopwatch } from '../util/stopwatch.ts';
import { claimAhead } from './claim.ts';
import type { Problem, RunResult, StepOutcome } from './event.ts';
import { stepOutcomes } from './ledger.ts';
import type { Known } from './plan.ts';
import { failureOf } from './problem.ts';
import { guideOf, openWorkshop, type RunOptions, type Workshop } from './run.ts';
import { runStep, type StepEnd } from './run-step.ts';
import { keepAll, survey, teardown } from './teardown.ts';

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
  const earlier = stepOutcomes(ledger.entries);
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
    resumed: ledger.entries.length > 0,
  });
  const walked = await walk(options, earlier);
  const ended = await tearDown(options, walked.cutOff);
  const result: RunResult = {
    outcome: walked.outcome === 'met' && options.signal.aborted ? 'interrupted' : walked.outcome,
    points: pointsOf(options, walked.steps),
    steps: walked.steps,
    left: ended.left,
    durationMs: elapsed(),
    ...((walked.problem ?? ended.problem) ? { problem: walked.problem ?? ended.problem } : {}),
  };
  if (mode.apply !== 'never') ledger.note({ entry: 'ended', outcome: result.outcome });
  report({ type: 'run-ended', at: clock.now(), result });
  return result;
}

async function walk(options: RunOptions, earlier: ReadonlyMap<string, StepOutcome>): Promise<Walk> {
  const workshop = openWorkshop({ ...options, readOnly: options.mode.apply === 'never' });
  const steps: RunResult['steps'][number][] = [];
  try {
    const known = { outputs: {}, nonce: options.ledger.header.nonce, started: options.ledger.header.started };
    if (options.mode.apply !== 'never') await claimAhead(options.plan, known, options.ledger, workshop);
    const last = await walkSteps(options, workshop, known, earlier, steps);
    return { steps, ...verdict(steps, last), cutOff: workshop.cutOff };
  } catch (error) {
    const { cutOff } = workshop;
    if (options.signal.aborted) return { outcome: 'interrupted', steps, cutOff };
    return { outcome: 'could-not-run', steps, problem: failureOf(error).problem, cutOff };
  } finally {
    workshop.close();
  }
}

/** Adds each step to `steps` as it ends. @returns how the last one ended. */
async function walkSteps(
  options: RunOptions,
  workshop: Workshop,
  start: Known,
  earlier: ReadonlyMap<string, StepOutcome>,
  steps: RunResult['steps'][number][],
): Promise<StepEnd | undefined> {
  const { plan, mode, from } = options;
  const firstAsked = from === undefined ? 0 : plan.steps.findIndex((planned) => planned.block.id === from);
  let known = start;
  let worst: StepEnd | undefined;
  for (const [index, planned] of plan.steps.entries()) {
    const { id } = planned.block;
    const before = earlier.get(id);
    const done = before === 'met' || before === 'skipped' ? before : undefined;
    const unasked = done ?? (index < firstAsked ? 'skipped' : undefined);
    const end = await runStep({ planned, index, known, ...(unasked === undefined ? {} : { unasked }) }, options, workshop);
    steps.push({ id, outcome: end.outcome, ...(end.problem === undefined ? {} : { problem: end.problem }) });
    known = { ...known, outputs: { ...known.outputs, [id]: end.outputs } };
    if (end.stop === 'quit' || end.stop === 'interrupted') return end;
    if (end.stop === 'could-not-run') worst = end;
    if (mode.onFailure !== 'go-on' && end.outcome !== 'met' && end.outcome !== 'skipped') return end;
  }
  return worst;
}

function verdict(steps: RunResult['steps'], last: StepEnd | undefined): Pick<Walk, 'outcome' | 'problem'> {
  if (last?.stop !== undefined)
    return { outcome: last.stop, ...(last.problem && last.stop === 'could-not-run' ? { problem: last.problem } : {}) };
  const looked = steps.filter(({ outcome }) => outcome !== 'left-out');
  // Where nothing could be looked at, nothing was shown to be met.
  const met = looked.length > 0 && looked.every(({ outcome }) => outcome === 'met' || outcome === 'skipped');
  return { outcome: met ? 'met' : 'not-met' };
}

function pointsOf({ plan }: RunOptions, steps: RunResult['steps']): RunResult['points'] {
  const met = new Set(steps.filter(({ outcome }) => outcome === 'met').map(({ id }) => id));
  const leftOut = new Set(steps.filter(({ outcome }) => outcome === 'left-out').map(({ id }) => id));
  const sum = (points: readonly number[]) => points.reduce((total, each) => total + each, 0);
  return {
    earned: sum(plan.steps.filter(({ block }) => met.has(block.id)).map(({ block }) => block.points)),
    possible: sum(plan.steps.filter(({ block }) => !leftOut.has(block.id)).map(({ block }) => block.points)),
  };
}

/** Takes down or keeps, with a session of its own: that of the steps may have been interrupted. */
async function tearDown(options: RunOptions, cutOff: boolean): Promise<Pick<RunResult, 'left' | 'problem'>> {
  const { plan, ledger, clock, report, abandon, mode } = options;
  if (mode.teardown === 'never' || ledger.live.length === 0) return { left: [] };
  const kinds = new Map<string, ResourceKind>(plan.steps.flatMap(({ kind }) => kind.resources.map((each) => [each.type, each])));
  const workshop = openWorkshop({ ...options, readOnly: false, signal: abandon });
  const tools = { ledger, kindOf: (type: string) => kinds.get(type), context: workshop, report, now: () => clock.now(), cutOff, abandon };
  try {
    if (!options.keep && mode.teardown === 'always') return { left: await teardown(tools) };
    const alive = await survey(tools);
    if (alive.length === 0) return { left: [] };
    if (!options.keep && (await guideOf(options).confirmTeardown({ refs: alive, signal: abandon }))) return { left: await teardown(tools) };
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
