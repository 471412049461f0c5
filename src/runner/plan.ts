import type { Step, StepKind } from '../steps/step.ts';
import type { Lab, OutputBlock, StepBlock } from './lab.ts';

/** A lab that can be run: every step kind is known, every input fits its schema, every reference has something to refer to. */
export interface Plan {
  readonly lab: Lab;
  readonly steps: readonly PlannedStep[];
  /** Values of the variables, with `--set` and the prefix applied. */
  readonly vars: Readonly<Record<string, string>>;
}

export interface PlannedStep {
  readonly block: StepBlock;
  readonly kind: StepKind;
  readonly output: OutputBlock | undefined;
  /** Markdown between the step before (or the top of the page) and this step. */
  readonly prose: string;
  /**
   * Fills the references in and binds the step. `outputs` are those of the steps before, by step id.
   * @throws {UserError} when a value that came from AWS does not fit the schema; names the step, the key and the value.
   */
  bind(known: Known): Step;
}

/** What `${{ }}` can refer to while a lab runs. */
export interface Known {
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly nonce: string;
  /** ISO 8601; the same for the whole run. */
  readonly started: string;
}
