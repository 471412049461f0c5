import type { Step, StepKind } from '../steps/step.ts';
import type { Lab, OutputBlock, Scalar, StepBlock } from './lab.ts';

/** A lab that can be run: every step kind is known, every input fits its schema, every reference has something to refer to. */
export interface Plan {
  readonly lab: Lab;
  readonly steps: readonly PlannedStep[];
  readonly values: PlanValues;
  /** Markdown after the last step and its output block; empty when there is none. */
  readonly closing: string;
}

/** Values of the front matter's variables and names, with `--set` and `--prefix` applied. */
export interface PlanValues {
  readonly vars: Readonly<Record<string, Scalar>>;
  readonly names: Readonly<Record<string, string>>;
}

export interface PlannedStep {
  readonly block: StepBlock;
  readonly kind: StepKind;
  readonly output: OutputBlock | undefined;
  /** Markdown between the step before, its output block included, (or the top of the page) and this step. */
  readonly prose: string;
  /** Markdown between this step and its output block; empty when there is no such block. */
  readonly answerProse: string;
  /** What the step runs in a shell on this machine; `undefined` when it runs nothing. */
  readonly script: string | undefined;
  /**
   * Fills the references in and binds the step. `outputs` are those of the steps before, by step id.
   * @throws {UserError} when a value that came from AWS does not fit the schema; names the step, the key and the value.
   */
  bind(known: Known): Step;
  /** The JSON of the output block with its references filled in, the step's own outputs included; `undefined` without a block. */
  expected(known: Known): unknown;
  /** A digest of what the step does, by which a run that goes on recognises it: the same as long as that is the same. */
  content(): Promise<string>;
}

/** What `${{ }}` can refer to while a lab runs. */
export interface Known {
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly nonce: string;
  /** ISO 8601; the same for the whole run. */
  readonly started: string;
}
