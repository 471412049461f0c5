import type { ResourceRef } from '../steps/resource.ts';
import type { Step } from '../steps/step.ts';
import type { PlannedStep } from './plan.ts';

/**
 * What a learner can answer when a step is in front of them. `apply`: the runner does it and checks it. `check`: the
 * learner did it. `skip`: the runner does it, and no points are earned. `anew`: what there is of it is removed, and it is asked
 * for again. An `answer` is one to the question of the step, if it has one.
 */
export type Choice = 'apply' | 'check' | 'hint' | 'skip' | 'anew' | 'quit' | { readonly answer: string };

/** Asks the learner. The executor knows nothing about how; tests answer by themselves. */
export interface Guide {
  /** What to do about a step: asked when it has been shown, and again for as long as it is not met. */
  choose(question: {
    readonly step: PlannedStep;
    readonly bound: Step;
    /** False when the step was tried before and is not met. */
    readonly first: boolean;
    /** Whether the step can be begun anew: it owns something, and no step above it owns that as well. */
    readonly anew: boolean;
    /** Aborted when the run is interrupted while the question is open. */
    readonly signal: AbortSignal;
  }): Promise<Choice>;
  /** Whether to remove what the run has created, at its end. */
  confirmTeardown(question: { readonly refs: readonly ResourceRef[]; readonly signal: AbortSignal }): Promise<boolean>;
}
