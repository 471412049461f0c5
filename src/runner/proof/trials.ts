import type { Plan } from '../plan.ts';
import { failureOf } from '../problem.ts';
import type { MutationResult, ProofReporter } from './proof.ts';
import { notMade, type Sight } from './sight.ts';
import type { Solved } from './stages.ts';
import { trialsOf } from './trial.ts';
import { type TrialRef, tryInstead, World, type WorldOptions } from './world.ts';

export interface TrialOptions extends WorldOptions {
  /** How many grounds are worked on side by side. */
  readonly workers: number;
  readonly now: () => number;
  readonly report: ProofReporter;
}

/** Every trial of a lab, in the order of its steps. */
export function allTrials(plan: Plan, { bound, present }: Solved): readonly TrialRef[] {
  return plan.steps.flatMap((planned) => {
    const step = bound.get(planned.block.id);
    const trials = step === undefined ? [] : trialsOf(planned, step, present);
    return trials.map((trial, index) => ({ step: planned.block.id, index, trial }));
  });
}

/**
 * Makes each mistake in turn, and looks who notices. What is done to a lab that stands is undone by doing the lab again,
 * where that brings it back, so that several trials share one ground.
 * @returns the results in the order of the trials.
 * @throws the signal's reason when the proof was interrupted.
 */
export async function tryAll(trials: readonly TrialRef[], options: TrialOptions): Promise<readonly MutationResult[]> {
  const { workers, now, report } = options;
  const results = new Map<TrialRef, MutationResult>();
  const queue = inOrderOfWork(trials);
  const work = async (): Promise<void> => {
    const bench = new Bench(options);
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const started = now();
        const { step, trial } = next;
        const { name, when, excuse } = trial;
        const seen = await bench.try(next);
        const sight: Sight =
          seen.outcome === 'unnoticed' && excuse !== undefined ? { outcome: 'excused', noticedBy: [], problem: { message: excuse } } : seen;
        const mutation: MutationResult = { name, step, when, ...sight, durationMs: now() - started };
        results.set(next, mutation);
        report({ type: 'mutation-ended', at: now(), mutation });
      }
    } catch (error) {
      queue.length = 0;
      throw error;
    } finally {
      await bench.close();
    }
  };
  const working = await Promise.allSettled(Array.from({ length: Math.min(workers, trials.length) }, work));
  for (const each of working) if (each.status === 'rejected') throw each.reason;
  return trials.flatMap((trial) => results.get(trial) ?? []);
}

/**
 * First what can share a ground: changes before anything is taken away, because what is made anew may lack what was tied
 * to the old, and last what cannot be undone. Then what each needs a ground of its own.
 */
function inOrderOfWork(trials: readonly TrialRef[]): TrialRef[] {
  const rank = ({ trial }: TrialRef): number => (trial.when === 'instead' ? 3 : trial.lasting ? 2 : trial.takesAway ? 1 : 0);
  return [...trials].sort((one, other) => rank(one) - rank(other));
}

/** Where one worker tries things: a world that it keeps for as long as it can be brought back. */
class Bench {
  readonly #options: TrialOptions;
  #world: World | undefined;

  constructor(options: TrialOptions) {
    this.#options = options;
  }

  async try(ref: TrialRef): Promise<Sight> {
    const { signal } = this.#options.tools;
    try {
      if (ref.trial.when === 'instead') {
        await this.close();
        return await tryInstead(ref, this.#options);
      }
      return await this.#tryAfterwards(ref);
    } catch (error) {
      signal.throwIfAborted();
      if (failureOf(error).fault === 'program') throw error;
      await this.close();
      return notMade(error);
    }
  }

  async #tryAfterwards(ref: TrialRef): Promise<Sight> {
    const world = await this.#solved();
    const sight = await world.try(ref);
    if (sight.outcome === 'noticed' || !world.repaired) return sight;
    // What was brought back may not be what it was: before anybody is blamed, it is tried on a new ground.
    await this.close();
    return (await this.#solved()).try(ref);
  }

  async #solved(): Promise<World> {
    if (this.#world !== undefined && !(await this.#world.restore())) await this.close();
    this.#world ??= await World.build(this.#options);
    return this.#world;
  }

  async close(): Promise<void> {
    const world = this.#world;
    this.#world = undefined;
    await world?.close();
  }
}
