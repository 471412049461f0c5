import type { Mutation } from '../../steps/step.ts';
import type { Problem } from '../event.ts';
import type { Plan } from '../plan.ts';

/** What is shown about a lab as it is, in this order. */
export const stageTitles = {
  unsolved: 'red before anything has been done',
  solved: 'green when everything has been done',
  promised: 'makes the writes that it explains, and no others',
  again: 'writes nothing when it is done again',
  looked: 'green for somebody who may only read',
  removed: 'leaves nothing when it is taken down',
  bare: 'red again afterwards',
} as const;

export type StageName = keyof typeof stageTitles;

export interface StageResult {
  readonly stage: StageName;
  /** `skipped`: what comes before it did not hold, so that it would show nothing. */
  readonly outcome: 'held' | 'failed' | 'skipped';
  /** What is wrong; empty unless it failed. */
  readonly problems: readonly Problem[];
  /** Milliseconds of the machine's time. */
  readonly durationMs: number;
}

/** A step that was not met, and what was found not to be in order. */
export interface RedStep {
  readonly step: string;
  /** As in `Finding`; a second finding of the same fact ends with ` (2)`. */
  readonly facts: readonly string[];
}

export interface MutationResult {
  readonly name: string;
  /** The id of the step whose work was made wrong. */
  readonly step: string;
  readonly when: Mutation['when'];
  /** `excused`: nobody noticed, and nobody had to. `untried`: it could not be made, or no lab stood to make it in. */
  readonly outcome: 'noticed' | 'unnoticed' | 'excused' | 'untried';
  readonly noticedBy: readonly RedStep[];
  /** Of `unnoticed` and `untried`; of `excused` it says why. */
  readonly problem?: Problem;
  readonly durationMs: number;
}

/** What the mutations have shown about the check of a step. */
export interface StepProof {
  readonly step: string;
  /** `unknown`: nothing made it red, and some mutations could not be tried. */
  readonly outcome: 'can-fail' | 'cannot-fail' | 'unknown' | 'exempt';
  /** Of `cannot-fail`; of `exempt` it says why. */
  readonly problem?: Problem;
  /** What its check looks at, and no mutation has made wrong. */
  readonly neverRed: readonly string[];
}

export interface ProofResult {
  readonly outcome: 'proved' | 'not-proved' | 'interrupted';
  readonly stages: readonly StageResult[];
  /** In the order of the steps; then those that were held in reserve. */
  readonly mutations: readonly MutationResult[];
  /** Empty when no mutations were tried. */
  readonly steps: readonly StepProof[];
  readonly durationMs: number;
}

/** What happens while a lab is proved, as it happens. Times are epoch milliseconds of the machine. */
export type ProofEvent =
  | { readonly type: 'proof-started'; readonly at: number; readonly plan: Plan }
  | { readonly type: 'stage-ended'; readonly at: number; readonly stage: StageResult }
  /** Comes again where checks are left that nothing has turned red, and there is more to try. */
  | { readonly type: 'mutations-started'; readonly at: number; readonly count: number }
  | { readonly type: 'mutation-ended'; readonly at: number; readonly mutation: MutationResult }
  | { readonly type: 'proof-ended'; readonly at: number; readonly result: ProofResult };

/** Takes events in order. Must not throw. */
export type ProofReporter = (event: ProofEvent) => void;
