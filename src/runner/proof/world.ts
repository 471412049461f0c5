import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { modes } from '../mode.ts';
import type { Plan } from '../plan.ts';
import { boundSteps, changedSteps, type Ground, type ProofTools, visit, type Walk, walk } from './ground.ts';
import { notMade, type Sight, sightOf } from './sight.ts';
import { type Trial, trialsOf } from './trial.ts';

/** Which trial is meant: the how-manieth of those of a step. The trial itself belongs to one run of the lab. */
export interface TrialRef {
  readonly step: string;
  readonly index: number;
  readonly trial: Trial;
}

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
  /** Whether something has been made wrong since it was last as it should be. */
  #spoilt = false;
  /** Whether it was ever brought back to what it should be. */
  repaired = false;

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

  /** Makes something wrong, and looks who notices. */
  async try({ step: id, index, trial }: TrialRef): Promise<Sight> {
    const { plan, tools, present } = this.#options;
    const planned = plan.steps.find(({ block }) => block.id === id);
    const step = boundSteps(this.#built).get(id);
    const own = planned && step && trialsOf(planned, step, present)[index];
    if (own?.name !== trial.name) throw new Error(`The mutation "${trial.name}" is not the same in every run.`);
    this.#spoilt = true;
    try {
      await visit(this.#ground, tools, (context) => own.apply(context));
    } catch (error) {
      tools.signal.throwIfAborted();
      return notMade(error);
    }
    return sightOf(await walk(this.#ground, plan, modes.check, tools), 'looking');
  }

  /** Does the lab again where something was made wrong. @returns whether it is as it should be. */
  async restore(): Promise<boolean> {
    if (!this.#spoilt) return true;
    const { plan, tools } = this.#options;
    this.#built = await walk(this.#ground, plan, modes.build, tools);
    this.repaired = true;
    this.#spoilt = this.#built.result.outcome !== 'met';
    return !this.#spoilt;
  }

  close(): Promise<void> {
    return this.#ground.close();
  }
}
