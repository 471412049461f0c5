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
  const { now, report } = options;
  if (trials.length === 0) return [];
  report({ type: 'mutations-started', at: now(), count: trials.length });
  const results = new Map<TrialRef, MutationResult>();
  const queues = { afterwards: inOrderOfWork(trials), instead: trials.filter(({ trial }) => trial.when === 'instead') };
  const tryNext = async (next: TrialRef, bench: Bench): Promise<void> => {
    const started = now();
    const { step, trial } = next;
    const { name, when, excuse } = trial;
    const seen = await bench.try(next);
    const sight: Sight =
      seen.outcome === 'unnoticed' && excuse !== undefined ? { outcome: 'excused', noticedBy: [], problem: { message: excuse } } : seen;
    const mutation: MutationResult = { name, step, when, ...sight, durationMs: now() - started };
    results.set(next, mutation);
    report({ type: 'mutation-ended', at: now(), mutation });
  };
  const work = async (order: readonly TrialRef[][]): Promise<void> => {
    const bench = new Bench(options);
    try {
      for (const queue of order) for (let next = queue.shift(); next !== undefined; next = queue.shift()) await tryNext(next, bench);
    } catch (error) {
      for (const queue of order) queue.length = 0;
      throw error;
    } finally {
      await bench.close();
    }
  };
  const working = await Promise.allSettled(orders(queues, options.workers).map(work));
  for (const each of working) if (each.status === 'rejected') throw each.reason;
  return trials.flatMap((trial) => results.get(trial) ?? []);
}

interface Queues {
  /** What is done to a lab that stands; each worker needs one. */
  readonly afterwards: TrialRef[];
  /** What is done while a lab is done; each needs one of its own. */
  readonly instead: TrialRef[];
}

/** In which order each worker takes from the queues: half of them begin at either end. */
function orders({ afterwards, instead }: Queues, workers: number): readonly (readonly TrialRef[][])[] {
  return Array.from({ length: workers }, (_, worker) => (worker % 2 === 0 ? [afterwards, instead] : [instead, afterwards]));
}

/**
 * What can share a ground: changes before anything is taken away, because what is made anew may lack what was tied to the
 * old, and last what cannot be undone.
 */
function inOrderOfWork(trials: readonly TrialRef[]): TrialRef[] {
  const rank = ({ trial }: TrialRef): number => (trial.lasting ? 2 : trial.takesAway ? 1 : 0);
  return trials.filter(({ trial }) => trial.when === 'afterwards').sort((one, other) => rank(one) - rank(other));
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
    const sight = await (await this.#solved()).try(ref);
    if (sight !== undefined) return sight;
    await this.close();
    const fresh = await (await this.#solved()).try(ref);
    if (fresh === undefined) throw new Error('A lab that was done anew has nothing to be made good.');
    return fresh;
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
