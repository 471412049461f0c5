import { isDeepStrictEqual } from 'node:util';
import type { ApiCall } from '../aws/api-call.ts';
import type { Command, CommandResult } from '../steps/command.ts';
import type { Finding, Step, StepContext } from '../steps/step.ts';
import { shown, toJson } from '../util/json.ts';
import { redacted } from '../util/redact.ts';
import { type Answers, outputsOf } from './answers.ts';
import { claim } from './claim.ts';
import { type Mismatch, matchExpected } from './expected-output.ts';
import type { Choice } from './guide.ts';
import { refKey } from './ledger.ts';
import type { Known, PlannedStep } from './plan.ts';
import { type Failure, failureOf } from './problem.ts';
import { interpolate } from './reference.ts';
import { guideOf, type RunOptions, type Workshop } from './run.ts';
import { teardown } from './teardown.ts';

/** What one attempt at a step came to. */
export interface Tried {
  readonly met: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
}

/** A step, and what is known when its turn comes. */
export interface WorkedStep {
  readonly planned: PlannedStep;
  readonly known: Known;
}

/** One step that is being worked on. */
export class StepWork {
  readonly #step: WorkedStep;
  readonly #bound: Step;
  readonly #options: RunOptions;
  readonly #workshop: Workshop;
  readonly #answers: Answers;
  readonly #context: StepContext;

  constructor(step: WorkedStep, bound: Step, options: RunOptions, workshop: Workshop) {
    this.#step = step;
    this.#bound = bound;
    this.#options = options;
    this.#workshop = workshop;
    const answers = workshop.begin();
    this.#answers = answers;
    this.#context = {
      aws: workshop.aws,
      wait: workshop.wait,
      nonce: step.known.nonce,
      found: (call, answer) => answers.add(call, answer),
      answered: (call) => answers.known(call)?.answer,
      ...commandsOf(step.planned, options),
    };
  }

  /** Whether something was written for the step. */
  get wrote(): boolean {
    return this.#answers.wrote;
  }

  async ask(first: boolean): Promise<Choice> {
    const { signal } = this.#options;
    const choice = await guideOf(this.#options).choose({
      step: this.#step.planned,
      bound: this.#bound,
      first,
      anew: this.#isItsOwn(),
      signal,
    });
    signal.throwIfAborted();
    return choice;
  }

  /** Removes what there is of the step, be it half done or done wrongly, and claims it again. */
  async clear(): Promise<void> {
    const { ledger, report, clock, abandon } = this.#options;
    const { planned } = this.#step;
    const kindOf = (type: string) => planned.kind.resources.find((each) => each.type === type);
    const only = new Set(this.#bound.owns().map(refKey));
    const now = () => clock.now();
    await teardown({ ledger, only, of: planned, kindOf, context: this.#workshop, report, now, cutOff: false, abandon });
    await claim(planned, this.#bound, ledger, this.#workshop);
  }

  #isItsOwn(): boolean {
    const { plan, ledger } = this.#options;
    const refs = this.#bound.owns().map(refKey);
    const above = new Set(plan.steps.slice(0, plan.steps.indexOf(this.#step.planned)).map(({ block }) => block.id));
    const shared = ledger.live.filter(({ steps }) => steps.some((id) => above.has(id))).map(({ ref }) => refKey(ref));
    return refs.length > 0 && !refs.some((key) => shared.includes(key));
  }

  showHint(): void {
    const { report, clock, plan } = this.#options;
    const { planned, known } = this.#step;
    const hint = planned.block.hint ?? 'There is no hint for this step.';
    report({ type: 'hint-shown', at: clock.now(), step: planned, hint: interpolate(hint, plan.values, known) });
  }

  reportFailure(failure: Failure | undefined): void {
    const { report, clock } = this.#options;
    if (failure) report({ type: 'step-failed', at: clock.now(), step: this.#step.planned, problem: failure.problem });
  }

  /**
   * Does the step, if `apply` says so, and looks whether it is met. Throws only when the run was interrupted.
   * @param answer what the learner answered to the question of the step.
   */
  async try(apply: boolean, answer?: string): Promise<Tried> {
    const { report, clock, signal, mode } = this.#options;
    const { planned } = this.#step;
    const context: StepContext = answer === undefined ? this.#context : { ...this.#context, answer };
    try {
      if (apply) {
        report({ type: 'step-applying', at: clock.now(), step: planned });
        await this.#bound.apply(context);
        this.#noteCreated();
      }
      this.#answers.freshReads();
      const found = await this.#bound.check(context);
      const looked = found.every((finding) => finding.ok);
      const outputs = looked || mode.onFailure === 'go-on' ? await this.#outputs(looked) : {};
      const findings = looked ? [...found, ...(await this.#showAnswer(outputs))] : found;
      const met = findings.every((finding) => finding.ok);
      // What the learner made by hand is there now.
      if (met && !apply && mode.apply !== 'never') this.#noteCreated();
      report({ type: 'findings', at: clock.now(), step: planned, findings });
      const explanation = met ? this.#bound.question()?.explanation : undefined;
      if (explanation !== undefined) report({ type: 'explained', at: clock.now(), step: planned, explanation });
      signal.throwIfAborted();
      return { met, outputs };
    } catch (error) {
      // Whoever makes one thing, and has had a write answered, has made it.
      if (signal.aborted && this.#answers.wrote && this.#bound.owns().length === 1) this.#noteCreated();
      if (signal.aborted) throw error;
      return { met: false, outputs: {}, failure: failureOf(error) };
    }
  }

  #noteCreated(): void {
    const step = this.#step.planned.block.id;
    this.#options.ledger.note(...this.#bound.owns().map((ref) => ({ entry: 'created' as const, step, ...ref })));
  }

  /** In a run that goes on, later steps can be looked at although this one is not met, as far as AWS knows their names. */
  async #outputs(met: boolean): Promise<Readonly<Record<string, unknown>>> {
    try {
      return await outputsOf(this.#bound, this.#answers, this.#workshop.aws);
    } catch (error) {
      if (met || failureOf(error).fault === 'program') throw error;
      return {};
    }
  }

  /** Reports the answer that the step shows. @returns how it compares with what the page shows. */
  async #showAnswer(outputs: Readonly<Record<string, unknown>>): Promise<readonly Finding[]> {
    const { report, clock } = this.#options;
    const { planned, known } = this.#step;
    const call = this.#bound.shows();
    const given = call && (await this.#answers.of(call, this.#workshop.aws));
    if (!call || !given) return [];
    const answer = toJson(given.answer);
    report({ type: 'answer-shown', at: clock.now(), step: planned, call, answer: redacted(answer) });
    if (planned.output === undefined) return [];
    const expected = planned.expected({ ...known, outputs: { ...known.outputs, [planned.block.id]: outputs } });
    return compared(call, matchExpected(expected, answer));
  }
}

/** The commands of a step: each is reported when it has ended, and remembered for as long as the step is worked on. */
function commandsOf(step: PlannedStep, { runCommand, signal, report, clock }: RunOptions): Pick<StepContext, 'commands'> {
  if (runCommand === undefined) return {};
  const ended: { readonly command: Command; readonly result: CommandResult }[] = [];
  return {
    commands: {
      async run(command) {
        const what = 'the command to end';
        report({ type: 'waiting', at: clock.now(), what });
        const result = await runCommand(command, signal);
        ended.push({ command, result });
        report({ type: 'waited', at: clock.now(), what, durationMs: result.durationMs });
        report({ type: 'command-ended', at: clock.now(), step, result });
        return result;
      },
      ended: (command) => ended.findLast((each) => isDeepStrictEqual(each.command, command))?.result,
    },
  };
}

function compared(call: ApiCall, mismatches: readonly Mismatch[]): readonly Finding[] {
  const fact = `answer to ${call.operation}`;
  if (mismatches.length === 0) return [{ fact, expected: 'as this page shows it', observed: 'as this page shows it', ok: true }];
  return mismatches.map(({ path, expected, actual }) => ({
    fact: path === '' ? fact : `${path} in the ${fact}`,
    expected: shown(expected),
    observed: shown(actual),
    ok: false,
    hint: 'The page shows another answer than the one that came.',
  }));
}
