import { openSession } from '../aws/session.ts';
import { cleanRun, resourceKinds } from '../runner/clean.ts';
import type { Reporter } from '../runner/event.ts';
import type { Ledger } from '../runner/ledger.ts';
import type { Plan } from '../runner/plan.ts';
import { recordedSteps } from '../runner/progress.ts';
import { type Reset, resetKeys, resetOf } from '../runner/reset.ts';
import { stepKinds } from '../steps/registry.ts';
import type { ResourceKind } from '../steps/resource.ts';
import { ExitCode } from '../util/exit-code.ts';
import { legibleLine } from '../util/printable.ts';
import { listed } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { Prompter } from './prompter.ts';
import { leftBehind } from './run-ledger.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

export interface ResetOptions {
  readonly step: string;
  readonly plan: Plan;
  /** Of the run that goes on. */
  readonly ledger: Ledger;
  readonly open: OpenTarget;
  /** Absent where nobody is to be asked. */
  readonly prompter?: Prompter;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  readonly abandon: AbortSignal;
}

/**
 * Removes what a step of a run has made and what builds on it, having said what that is, so that the step is done again as if
 * it had never been. The steps that build on it stay done: they are done again by themselves.
 * @throws {UserError} when there is nothing to reset, the learner does not want it, or something cannot be removed.
 */
export async function resetStep(options: ResetOptions, io: Surroundings): Promise<void> {
  const { step, plan, ledger, open, prompter, report, signal, abandon } = options;
  const { target, clock } = open;
  const known = target.endsWithProcess === undefined ? ledger.live : [];
  const reset = resetOf(step, plan, known);
  const done = recordedSteps(ledger.entries);
  if (!done.includes(step) && reset.resources.length === 0) {
    throw new UserError(`Step "${step}" has not been done yet, so there is nothing to reset.`, {
      hint: 'Leave --reset out to go on with the lab.',
    });
  }
  const kinds = await resourceKinds(stepKinds);
  if (reset.resources.length > 0) {
    io.err(`${resetText(reset, kinds, done)}\n`);
    if (prompter && !(await prompter.confirm(`Remove this, and do step "${legibleLine(step)}" again?`, true, signal)))
      throw new UserError('Nothing was done.', { exitCode: ExitCode.couldNotRun, hint: 'Leave --reset out to go on with the lab.' });
  }
  ledger.note({ entry: 'reset', step });
  const kindOf = (type: string) => kinds.get(type);
  const planned = plan.steps.find(({ block }) => block.id === step);
  const part = { only: resetKeys(reset), ...(planned === undefined ? {} : { of: planned }) };
  const left = await cleanRun({ ledger, ...part, kindOf, target, clock, openSession, report, stop: signal, abandon });
  if (left.length > 0) throw leftBehind(left, `what step "${step}" made`);
}

function resetText({ step, dependents, resources }: Reset, kinds: ReadonlyMap<string, ResourceKind>, done: readonly string[]): string {
  const lines = resources.map(({ ref, steps }) => {
    const maker = steps.includes(step) ? '' : ` (step ${listed(steps)})`;
    return `  ${kinds.get(ref.type)?.noun ?? ref.type} ${ref.id}${maker}`;
  });
  const again = dependents.filter((id) => done.includes(id));
  return [
    `To do step "${step}" again, this is removed first:`,
    ...lines,
    ...(again.length === 0 ? [] : [`What builds on it is done again afterwards, without questions: ${listed(again)}.`]),
  ]
    .map((line) => legibleLine(line))
    .join('\n');
}
