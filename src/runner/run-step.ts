import type { Step } from '../steps/step.ts';
import { startStopwatch } from '../util/stopwatch.ts';
import { absent, claim } from './claim.ts';
import type { Problem, StepOutcome, Taken } from './event.ts';
import { refKey } from './ledger.ts';
import type { Known, PlannedStep } from './plan.ts';
import { type Failure, failureOf } from './problem.ts';
import type { DoneOutcome } from './progress.ts';
import type { RunOptions, Workshop } from './run.ts';
import { StepWork, type Tried, type WorkedStep } from './step-work.ts';

/** How a step ended, and whether the run can go on. */
export interface StepEnd {
  readonly outcome: StepOutcome;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly problem?: Problem;
  /** Set when the run ends here: the learner left, it was interrupted, or nothing more can be said. */
  readonly stop?: 'quit' | 'interrupted' | 'could-not-run';
  /** How it was taken up, where it was not asked for. */
  readonly taken?: Taken;
}

export interface StepRun extends WorkedStep {
  readonly index: number;
  /** As in `PlannedStep`. */
  readonly content: string;
  /** Whether its points were earned before. Whoever does it again keeps them. */
  readonly earned: boolean;
  /** Take the step up without asking. */
  readonly unasked?: Unasked;
}

/** A step that is done already, or jumped over. */
export interface Unasked {
  /** How it ends when it is met. */
  readonly outcome: DoneOutcome;
  readonly why: 'done' | 'jumped';
  /** Set where what it has made may be there still: what the run knew to be alive when it was taken up. Else it is done at once. */
  readonly alive?: ReadonlySet<string>;
  /** Whether nothing before it had to be done again, so that it is enough to look. */
  readonly untouched: boolean;
}

/** Runs one step from its first event to its last. Never throws: whatever goes wrong is how the step ended. */
export async function runStep(step: StepRun, options: RunOptions, workshop: Workshop): Promise<StepEnd> {
  const { report, clock, ledger } = options;
  const { planned, content } = step;
  const elapsed = startStopwatch();
  const tried = await attempt(step, options, workshop).catch((error: unknown) => endOf(error, options));
  const end: StepEnd = tried.outcome === 'skipped' && step.earned ? { ...tried, outcome: 'met' } : tried;
  if (options.mode.apply !== 'never' && end.stop !== 'interrupted')
    ledger.note({ entry: 'step', step: planned.block.id, outcome: end.outcome, content });
  report({
    type: 'step-ended',
    at: clock.now(),
    step: planned,
    outcome: end.outcome,
    durationMs: elapsed(),
    ...(end.problem === undefined ? {} : { problem: end.problem }),
    ...(end.taken === undefined ? {} : { taken: end.taken }),
  });
  return end;
}

async function attempt(step: StepRun, options: RunOptions, workshop: Workshop): Promise<StepEnd> {
  const { planned, index, known, unasked } = step;
  const { report, clock, mode } = options;
  let bound: Step;
  try {
    bound = planned.bind(known);
  } catch (error) {
    report({ type: 'step-started', at: clock.now(), step: planned, index, calls: [], asked: true });
    // Nothing can be said about a step that needs what a step above it did not give.
    if (needsUnknown(planned, known)) return { outcome: 'unchecked', outputs: {}, problem: failureOf(error).problem };
    throw error;
  }
  const question = bound.question();
  const script = bound.script();
  const more = { ...(question === undefined ? {} : { question }), ...(script === undefined ? {} : { script }) };
  const start = (asked: boolean): void =>
    report({ type: 'step-started', at: clock.now(), step: planned, index, calls: bound.explain(), asked, ...more });
  start(unasked === undefined);
  workshop.hurry(unasked !== undefined);
  if (mode.apply === 'never' && !bound.leavesTrace()) return { outcome: 'left-out', outputs: {} };
  if (mode.apply !== 'never') await claim(planned, bound, options.ledger, workshop);
  const work = new StepWork(step, bound, options, workshop);
  if (unasked !== undefined) {
    const { taken, tried } = await takeUp(planned, bound, unasked, work, options, workshop);
    if (tried.met) return { outcome: unasked.outcome, outputs: tried.outputs, taken };
    if (mode.apply !== 'asked' || tried.failure?.fault === 'program') return ended(tried);
    start(true);
    workshop.hurry(false);
    work.reportFailure(tried.failure);
  }
  if (mode.apply === 'asked') return guided(work, unasked === undefined);
  return ended(await work.try(mode.apply === 'always'));
}

/**
 * Takes a step up without asking: looks whether it is still as it was left, where that can be, and else does it. Of what
 * leaves no trace it can only be known that it was done.
 */
async function takeUp(
  planned: PlannedStep,
  bound: Step,
  { why, alive, untouched }: Unasked,
  work: StepWork,
  { report, clock }: RunOptions,
  workshop: Workshop,
): Promise<{ readonly taken: Taken; readonly tried: Tried }> {
  const refs = bound.owns();
  let vanished = false;
  if (alive !== undefined && refs.every((ref) => alive.has(refKey(ref)))) {
    const gone = await absent(planned, refs, workshop);
    if (gone.length === 0 && untouched) {
      if (!bound.leavesTrace() && Object.keys(bound.outputs).length === 0) return { taken: 'trusted', tried: { met: true, outputs: {} } };
      const tried = await work.try(false);
      if (tried.met || (tried.failure && tried.failure.fault !== 'lab')) return { taken: 'found', tried };
    }
    vanished = gone.length > 0 || untouched;
    if (vanished) report({ type: 'step-vanished', at: clock.now(), step: planned, gone });
  }
  const tried = await work.try(true);
  if (why === 'jumped') return { taken: 'jumped', tried };
  // Where nothing had to be written, it was there.
  const again = alive === undefined || vanished || work.wrote || !bound.leavesTrace();
  return { taken: again ? 'redone' : 'found', tried };
}

/** Asks the learner until the step is met, or they leave. */
async function guided(work: StepWork, untried: boolean): Promise<StepEnd> {
  let first = untried;
  for (;;) {
    const choice = await work.ask(first);
    // Neither a hint nor beginning anew is an attempt.
    first = choice === 'anew' || (first && choice === 'hint');
    if (choice === 'quit') return { outcome: 'unchecked', outputs: {}, stop: 'quit' };
    if (choice === 'hint') {
      work.showHint();
      continue;
    }
    if (choice === 'anew') {
      await work.clear();
      continue;
    }
    const tried = typeof choice === 'object' ? await work.try(false, choice.answer) : await work.try(choice !== 'check');
    if (tried.met) return { outcome: choice === 'skip' ? 'skipped' : 'met', outputs: tried.outputs };
    if (tried.failure?.fault === 'program') return failed(tried.failure);
    work.reportFailure(tried.failure);
  }
}

function needsUnknown({ block }: PlannedStep, { outputs }: Known): boolean {
  return block.references.some(({ reference }) => reference.kind === 'output' && outputs[reference.step]?.[reference.output] === undefined);
}

function ended({ met, outputs, failure }: Tried): StepEnd {
  return failure ? failed(failure) : { outcome: met ? 'met' : 'not-met', outputs };
}

function failed({ fault, problem }: Failure): StepEnd {
  if (fault === 'lab') return { outcome: 'not-met', outputs: {}, problem };
  return { outcome: 'unchecked', outputs: {}, problem, stop: 'could-not-run' };
}

function endOf(error: unknown, { signal }: RunOptions): StepEnd {
  if (signal.aborted) return { outcome: 'unchecked', outputs: {}, stop: 'interrupted' };
  return failed(failureOf(error));
}
