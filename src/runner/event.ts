import type { AccessLost } from '../aws/access-lost.ts';
import type { ApiCall } from '../aws/api-call.ts';
import type { CommandResult } from '../steps/command.ts';
import type { ResourceRef } from '../steps/resource.ts';
import type { Finding, Question } from '../steps/step.ts';
import type { Plan, PlannedStep } from './plan.ts';

/**
 * How a step ended. `unchecked` means that it could not be looked at, which is not the same as a check that is not met.
 * `left-out` is a step of which nothing is left to look at, in a run that only looks: its points do not count.
 */
export type StepOutcome = 'met' | 'not-met' | 'skipped' | 'unchecked' | 'left-out';

/**
 * Everything that happens in a run, as it happens. Reporters are functions of these and of nothing else; every output
 * format is another reporter. `at` is in epoch milliseconds of the run's clock; a `durationMs` of a step or a run is what it
 * really took.
 */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly at: number;
      readonly plan: Plan;
      readonly mode: string;
      readonly runId: string;
      readonly nonce: string;
      readonly target: string;
      readonly region: string;
      readonly account: string;
      /** Whether what is created outlives this program. What is in the embedded sandbox does not. */
      readonly lasting: boolean;
      /** Set when the run goes on where it was left. */
      readonly resumed?: Resumed;
    }
  | {
      readonly type: 'step-started';
      readonly at: number;
      readonly step: PlannedStep;
      readonly index: number;
      readonly calls: readonly ApiCall[];
      /** What the learner is asked, where the step is done by answering. */
      readonly question?: Question;
      /** What is run in a shell. */
      readonly script?: string;
      /** False when the step is taken up without questions, because it is done or jumped over. One that cannot be starts again, asked. */
      readonly asked: boolean;
    }
  /** A step was done, and is no longer as it was; it is done again. `gone` is what is not there any more: nothing, where it is changed. */
  | { readonly type: 'step-vanished'; readonly at: number; readonly step: PlannedStep; readonly gone: readonly NamedRef[] }
  /** The runner begins to do the step (as against waiting for the learner to do it). */
  | { readonly type: 'step-applying'; readonly at: number; readonly step: PlannedStep }
  /** An attempt that failed, after which the learner is asked again. What ends a step for good comes with `step-ended`. */
  | { readonly type: 'step-failed'; readonly at: number; readonly step: PlannedStep; readonly problem: Problem }
  | { readonly type: 'hint-shown'; readonly at: number; readonly step: PlannedStep; readonly hint: string }
  | {
      readonly type: 'call-answered';
      readonly at: number;
      readonly call: ApiCall;
      readonly durationMs: number;
      readonly error?: string;
      readonly requestId?: string;
    }
  | { readonly type: 'waiting'; readonly at: number; readonly what: string }
  | { readonly type: 'waited'; readonly at: number; readonly what: string; readonly durationMs: number }
  /** What AWS answered to the call that the step shows. */
  | { readonly type: 'answer-shown'; readonly at: number; readonly step: PlannedStep; readonly call: ApiCall; readonly answer: unknown }
  /** A command of the step has ended. `output` is safe to show. */
  | { readonly type: 'command-ended'; readonly at: number; readonly step: PlannedStep; readonly result: CommandResult }
  /** Why the answer to the question of a step is right: Markdown. */
  | { readonly type: 'explained'; readonly at: number; readonly step: PlannedStep; readonly explanation: string }
  | { readonly type: 'findings'; readonly at: number; readonly step: PlannedStep; readonly findings: readonly Finding[] }
  | {
      readonly type: 'step-ended';
      readonly at: number;
      readonly step: PlannedStep;
      readonly outcome: StepOutcome;
      readonly durationMs: number;
      readonly problem?: Problem;
      readonly taken?: Taken;
    }
  /** `step` is set when only what that one owns, or what builds on it, is removed, because it is begun anew. */
  | { readonly type: 'teardown-started'; readonly at: number; readonly count: number; readonly step?: PlannedStep }
  | { readonly type: 'resource-removed'; readonly at: number; readonly ref: ResourceRef; readonly noun: string }
  /** Still there. `found` resources were there before the run and are kept on purpose. */
  | {
      readonly type: 'resource-kept';
      readonly at: number;
      readonly ref: ResourceRef;
      readonly noun: string;
      readonly why: string;
      /** What to do about it. */
      readonly hint?: string;
      readonly intended: boolean;
    }
  /** Is there, and turned out to be somebody else's: left alone. */
  | { readonly type: 'resource-spared'; readonly at: number; readonly ref: ResourceRef; readonly noun: string; readonly why: string }
  | { readonly type: 'run-ended'; readonly at: number; readonly result: RunResult };

/** How far a run has got. */
export interface Progress {
  /** Steps that are met or were done for the learner. */
  readonly done: number;
  /** Steps of the lab. */
  readonly of: number;
  readonly points: { readonly earned: number; readonly possible: number };
}

/** What is different about a lab since a run of it was left. */
export type LabChange =
  /** It does something else now than when it was done. */
  | { readonly change: 'changed'; readonly step: string }
  | { readonly change: 'new'; readonly step: string }
  /** `alive`: whether something that only this step has made may still be there. */
  | { readonly change: 'removed'; readonly step: string; readonly alive: boolean }
  /** The steps that were there before and are there still stand in another order. */
  | { readonly change: 'reordered' };

/** What is known of a run that goes on. */
export interface Resumed {
  readonly progress: Progress;
  readonly changes: readonly LabChange[];
  /** What `--prefix` and `--set` said when it began, which still holds. */
  readonly prefix: string;
  readonly set: Readonly<Record<string, string>>;
}

/**
 * How a step was taken up without questions: it was found as it was left, it left nothing to look at and was known to be
 * done, it was done again, or it was done because it was jumped over.
 */
export type Taken = 'found' | 'trusted' | 'redone' | 'jumped';

/** A resource, with what people call it. */
export interface NamedRef {
  readonly ref: ResourceRef;
  readonly noun: string;
}

/** What went wrong, in words for a person. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
  /** Set when the program itself is at fault: what was thrown, for whoever has to repair it. */
  readonly bug?: Error;
}

/** A resource that is still alive and should not be. */
export interface Left {
  readonly ref: ResourceRef;
  readonly why: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Set when it could not even be asked for, because no call could succeed. */
  readonly lost?: AccessLost['reason'];
}

export interface RunResult {
  readonly outcome: 'met' | 'not-met' | 'could-not-run' | 'interrupted' | 'quit';
  /** How many steps are met, with those that were met in earlier sessions of the run. */
  readonly met: number;
  /** Points of the steps that are met, and of all steps that were not left out. */
  readonly points: { readonly earned: number; readonly possible: number };
  readonly steps: readonly { readonly id: string; readonly outcome: StepOutcome; readonly problem?: Problem }[];
  /** Resources that are still alive and should not be. */
  readonly left: readonly Left[];
  readonly durationMs: number;
  /** What ended the run early, if something did. */
  readonly problem?: Problem;
}

/** Takes events in order. Must not throw. */
export type Reporter = (event: RunEvent) => void;
