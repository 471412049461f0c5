import type { Plan } from '../plan.ts';
import type { Bench } from './bench.ts';
import type { MutationResult, ProofReporter } from './proof.ts';
import type { Sight } from './sight.ts';
import type { Solved } from './stages.ts';
import { type TrialRef, trialsOf } from './trial.ts';

export interface TrialOptions {
  /** Opens a bench for one worker. */
  readonly openBench: () => Bench;
  /** How many of them work side by side, where there is enough to do. */
  readonly workers: number;
  readonly now: () => number;
  readonly report: ProofReporter;
}

/** Every trial of a lab, in the order of its steps. */
export function allTrials(plan: Plan, { bound, present }: Solved): readonly TrialRef[] {
  return plan.steps.flatMap((planned) => {
    const step = bound.get(planned.block.id);
    const trials = step === undefined ? [] : trialsOf(planned, step, present);
    return trials.map(({ apply, ...trial }, index) => ({ ...trial, step: planned.block.id, index }));
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
  const queues: Queues = { afterwards: inOrderOfWork(trials), instead: trials.filter(({ when }) => when === 'instead') };
  const tryNext = async (next: TrialRef, bench: Bench): Promise<void> => {
    const started = now();
    const { step, name, when, excuse } = next;
    const seen = await bench.try(next);
    const sight: Sight =
      seen.outcome === 'unnoticed' && excuse !== undefined ? { outcome: 'excused', noticedBy: [], problem: { message: excuse } } : seen;
    const mutation: MutationResult = { name, step, when, ...sight, durationMs: now() - started };
    results.set(next, mutation);
    report({ type: 'mutation-ended', at: now(), mutation });
  };
  const work = async (order: readonly TrialRef[][]): Promise<void> => {
    const bench = options.openBench();
    try {
      for (const queue of order) for (let next = queue.shift(); next !== undefined; next = queue.shift()) await tryNext(next, bench);
    } catch (error) {
      for (const queue of order) queue.length = 0;
      throw error;
    } finally {
      await bench.close();
    }
  };
  const working = await Promise.allSettled(orders(queues, Math.min(options.workers, mostUseful(queues))).map(work));
  for (const each of working) if (each.status === 'rejected') throw each.reason;
  return trials.flatMap((trial) => results.get(trial) ?? []);
}

interface Queues {
  /** What is done to a lab that stands; each worker needs one. */
  readonly afterwards: TrialRef[];
  /** What is done while a lab is done; each needs one of its own. */
  readonly instead: TrialRef[];
}

/** As many trials should share a lab that stands, or doing it takes longer than they do. */
const sharing = 4;

function mostUseful({ afterwards, instead }: Queues): number {
  return Math.ceil(afterwards.length / sharing) + instead.length;
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
  const rank = ({ lasting, takesAway }: TrialRef): number => (lasting ? 2 : takesAway ? 1 : 0);
  return trials.filter(({ when }) => when === 'afterwards').sort((one, other) => rank(one) - rank(other));
}
