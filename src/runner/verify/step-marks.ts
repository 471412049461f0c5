import type { Place } from '../../aws/permission.ts';
import type { CallEvent } from '../../aws/session.ts';
import type { Finding } from '../../steps/step.ts';
import type { Problem, Reporter } from '../event.ts';
import type { Known, Plan, PlannedStep } from '../plan.ts';
import type { Foreseen } from '../preflight/planned-calls.ts';
import { interpolate } from '../reference.ts';
import { EvidenceOfStep } from './evidence.ts';
import { earnedBy, stateOf } from './marks.ts';
import { seenSteps, type Unknown } from './outside.ts';
import type { Expectation, MarkState, ProbeEvidence, StepMark } from './verification.ts';

const noEvidence = { resources: [], calls: [] };

export interface StepMarksOptions {
  readonly plan: Plan;
  readonly expect: Expectation;
  /** What is known of the learner's run; for hints. */
  readonly known: Known;
  readonly foreseen: readonly Foreseen[];
  readonly place: Place;
}

/** Marks the steps of a lab by the events of a run that only looks. */
export class StepMarks {
  readonly #options: StepMarksOptions;
  readonly #marks = new Map<string, StepMark>();
  readonly #unknown = new Map<string, Unknown>();
  #evidence: EvidenceOfStep | undefined;
  #findings: readonly Finding[] = [];

  constructor(options: StepMarksOptions) {
    this.#options = options;
  }

  /** To be told of every call. */
  call(event: CallEvent): void {
    this.#evidence?.add(event);
  }

  /** To be told of a record that was put, and of what became of it. */
  probed(evidence: ProbeEvidence): void {
    this.#evidence?.probed(evidence);
  }

  /** To be told of steps that need what nobody knows. */
  unknown(step: PlannedStep, why: Unknown): void {
    this.#unknown.set(step.block.id, why);
  }

  readonly report: Reporter = (event) => {
    if (event.type === 'step-started') {
      const { foreseen, place } = this.#options;
      const names = foreseen.flatMap(({ certain }) => certain.map(({ id }) => id));
      this.#evidence = new EvidenceOfStep(names, place);
      this.#findings = [];
    }
    if (event.type === 'findings') this.#findings = event.findings;
    if (event.type !== 'step-ended') return;
    const { step, outcome, problem } = event;
    const unknown = this.#unknown.get(step.block.id);
    if (outcome === 'left-out') this.#mark(step, 'left-out', leftOut(this.#options.expect));
    else if (unknown !== undefined && outcome === 'unchecked') this.#markUnknown(step, unknown);
    else if (outcome === 'unchecked') {
      // Where all was ended, whoever has ended it knows why.
      if (problem !== undefined) this.#mark(step, 'unchecked', problem);
    } else if (problem !== undefined) this.#mark(step, 'not-met', problem);
    else this.#mark(step, stateOf(this.#findings), undefined);
  };

  /** The marks of all steps. @param problem why those that were not come to could not be checked */
  all(problem: Problem): readonly StepMark[] {
    const { foreseen, expect } = this.#options;
    const seen = seenSteps(foreseen, expect);
    return this.#options.plan.steps.map((step) => {
      const { id } = step.block;
      const mark = this.#marks.get(id);
      if (mark !== undefined) return mark;
      return seen.has(id) ? this.#made(step, 'unchecked', problem, []) : this.#made(step, 'left-out', leftOut(expect), []);
    });
  }

  /** A step that needs to know what an earlier one would have told stands as that one does; when all is gone, nobody can tell. */
  #markUnknown(step: PlannedStep, { from, what }: Unknown): void {
    const before = this.#marks.get(from)?.state;
    const needs = `it needs ${what}, which the step "${from}" would have told`;
    if (before === 'unchecked')
      this.#mark(step, 'unchecked', { message: `It could not be looked at: ${needs}, and that could not be checked.` });
    else this.#mark(step, 'absent', { message: `It could not be found: ${needs}, and did not.` });
  }

  #mark(step: PlannedStep, state: MarkState, problem: Problem | undefined): void {
    this.#marks.set(step.block.id, this.#made(step, state, problem, this.#findings));
  }

  #made({ block }: PlannedStep, state: MarkState, problem: Problem | undefined, findings: readonly Finding[]): StepMark {
    const { plan, known, expect } = this.#options;
    const { id, heading, uses, points, hint } = block;
    const looked = state === 'left-out' || state === 'unchecked' ? [] : findings;
    // The lab helps to build what it builds.
    const shown = expect === 'built' && (state === 'not-met' || state === 'absent') ? hint : undefined;
    return {
      id,
      heading,
      uses,
      state,
      points: { earned: earnedBy(looked, points), possible: points },
      findings: looked,
      ...(problem === undefined ? {} : { problem }),
      ...(shown === undefined ? {} : { hint: interpolate(shown, plan.values, known) }),
      evidence: this.#evidence?.evidence ?? noEvidence,
    };
  }
}

function leftOut(expect: Expectation): Problem {
  if (expect === 'finished') return { message: 'When all is taken down, nothing on AWS shows any more that it was done.' };
  return { message: 'Nothing on AWS shows whether it was done: it is a question, a command, or a call that leaves no trace.' };
}
