import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { modes } from '../mode.ts';
import type { Plan } from '../plan.ts';
import { boundSteps, changedSteps, type Ground, type ProofTools, visit, type Walk, walk } from './ground.ts';
import { notMade, type Sight, sightOf } from './sight.ts';
import { type Trial, type TrialRef, trialsOf } from './trial.ts';

export interface WorldOptions {
  readonly plan: Plan;
  readonly tools: ProofTools;
  readonly present: ReadonlySet<string>;
}

/** Does a lab on a ground of its own, with one step done wrongly. */
export async function tryInstead({ step: id, index }: TrialRef, { plan, tools, present }: WorldOptions): Promise<Sight> {
  const planned = plan.steps.find(({ block }) => block.id === id);
  let failure: { readonly error: unknown } | undefined;
  const wrong = changedSteps(plan, (step, stepId) => {
    if (planned === undefined || stepId !== id) return step;
    return {
      ...step,
      async apply(context) {
        try {
          await trialsOf(planned, step, present)[index]?.apply(context);
        } catch (error) {
          failure = { error };
          throw error;
        }
      },
    };
  });
  const ground = await tools.openGround();
  try {
    const walked = await walk(ground, wrong, modes.buildOn, tools);
    return failure === undefined ? sightOf(walked, 'doing') : notMade(failure.error);
  } finally {
    await ground.close();
  }
}

/** A lab that has been done, on a ground of its own. */
export class World {
  readonly #ground: Ground;
  readonly #options: WorldOptions;
  #built: Walk;
  /** What was made wrong since the lab was last as it should be, and who was red then. */
  #spoilt: { readonly ref: TrialRef; red: readonly string[] } | undefined;
  /** Steps that were red before the last repair, which has looked at nothing but the step that it repaired. */
  #doubtful: readonly string[] = [];
  #repaired = false;

  private constructor(ground: Ground, built: Walk, options: WorldOptions) {
    this.#ground = ground;
    this.#built = built;
    this.#options = options;
  }

  /** @throws {UserError} when the lab is not met this time. */
  static async build(options: WorldOptions): Promise<World> {
    const { plan, tools } = options;
    const ground = await tools.openGround();
    try {
      const built = await walk(ground, plan, modes.build, tools);
      if (built.result.outcome === 'met') return new World(ground, built, options);
      const unmet = built.result.steps.find(({ outcome }) => outcome !== 'met')?.id;
      throw new UserError(`The lab was met the first time, and not when it was done anew: step "${unmet}".`, {
        exitCode: ExitCode.notMet,
        hint: 'Something in it depends on chance or on time. Look at what that step waits for.',
      });
    } catch (error) {
      await ground.close();
      throw error;
    }
  }

  /**
   * Makes something wrong, and looks who notices.
   * @returns `undefined` when it cannot be told, because an earlier mistake may not have been made good.
   */
  async try(ref: TrialRef): Promise<Sight | undefined> {
    const { plan, tools } = this.#options;
    const own = this.#trial(ref);
    const spoilt: { readonly ref: TrialRef; red: readonly string[] } = { ref, red: [] };
    this.#spoilt = spoilt;
    try {
      await visit(this.#ground, tools, (context) => own.apply(context));
    } catch (error) {
      tools.signal.throwIfAborted();
      return this.#repaired ? undefined : notMade(error);
    }
    const sight = sightOf(await walk(this.#ground, plan, modes.check, tools), 'looking');
    spoilt.red = sight.noticedBy.map(({ step }) => step);
    const doubted = spoilt.red.some((step) => step !== ref.step && this.#doubtful.includes(step));
    return this.#repaired && (doubted || spoilt.red.length === 0) ? undefined : sight;
  }

  /**
   * Makes good what was made wrong: what was only changed, by doing its step again; else by doing the lab again.
   * @returns whether it is as it should be.
   */
  async restore(): Promise<boolean> {
    const spoilt = this.#spoilt;
    if (spoilt === undefined) return true;
    this.#repaired = true;
    const { takesAway, lasting = false } = spoilt.ref;
    if (!takesAway && !lasting && (await this.#redo(spoilt.ref.step))) {
      this.#doubtful = spoilt.red;
      this.#spoilt = undefined;
      return true;
    }
    const { plan, tools } = this.#options;
    this.#built = await walk(this.#ground, plan, modes.build, tools);
    if (this.#built.result.outcome !== 'met') return false;
    this.#doubtful = [];
    this.#spoilt = undefined;
    return true;
  }

  close(): Promise<void> {
    return this.#ground.close();
  }

  /** Does one step again. @returns whether it is met then. */
  async #redo(id: string): Promise<boolean> {
    const { tools } = this.#options;
    const step = boundSteps(this.#built).get(id);
    if (step === undefined) return false;
    try {
      return await visit(this.#ground, tools, async (context) => {
        await step.apply(context);
        return (await step.check(context)).every(({ ok }) => ok);
      });
    } catch {
      tools.signal.throwIfAborted();
      // Whatever stands in its way, doing the whole lab again will show it.
      return false;
    }
  }

  #trial({ step: id, index, name }: TrialRef): Trial {
    const { plan, present } = this.#options;
    const planned = plan.steps.find(({ block }) => block.id === id);
    const step = boundSteps(this.#built).get(id);
    const own = planned && step && trialsOf(planned, step, present)[index];
    if (own?.name !== name) throw new Error(`The mutation "${name}" is not the same in every run.`);
    return own;
  }
}
