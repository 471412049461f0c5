import type { Clock } from '../../util/clock.ts';
import type { Plan } from '../plan.ts';
import { type Bench, openBench as openBenchHere } from './bench.ts';
import type { ProofTools } from './ground.ts';
import type { MutationResult, ProofReporter, ProofResult, StageResult } from './proof.ts';
import { runStages, type Solved } from './stages.ts';
import { stepProofs } from './step-proof.ts';
import { allTrials, tryAll } from './trials.ts';
import type { WorldOptions } from './world.ts';

export interface ProofOptions extends ProofTools {
  readonly plan: Plan;
  readonly report: ProofReporter;
  /** The machine's time, which durations are measured by. */
  readonly clock: Clock;
  /** How many grounds are worked on side by side; default 3. */
  readonly workers?: number;
  /** Opens what one of them is worked on with. Default: in this thread. */
  readonly openBench?: (options: WorldOptions) => Bench;
}

// More than there are processors, because some always wait for functions that start, or that run into their timeouts; but each needs a lab that stands.
const defaultWorkers = 3;

/**
 * Proves a lab: that it is red when nothing is done and green when everything is, that it does what it says, leaves
 * nothing, and that its checks notice every mistake that the kinds of its steps know of. Everything happens on grounds of
 * its own; nothing else is touched.
 * @throws whatever keeps a ground from being opened, and bugs.
 */
export async function prove(options: ProofOptions): Promise<ProofResult> {
  const { plan, clock, signal } = options;
  const started = clock.now();
  const stages: StageResult[] = [];
  const mutations: MutationResult[] = [];
  const report: ProofReporter = (event) => {
    if (event.type === 'stage-ended') stages.push(event.stage);
    if (event.type === 'mutation-ended') mutations.push(event.mutation);
    options.report(event);
  };
  report({ type: 'proof-started', at: started, plan });
  const shown = await showAll(options, report).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return { mutations, steps: [] };
  });
  const found = { stages, ...shown };
  const result: ProofResult = {
    outcome: signal.aborted ? 'interrupted' : isProved(found) ? 'proved' : 'not-proved',
    ...found,
    durationMs: clock.now() - started,
  };
  report({ type: 'proof-ended', at: clock.now(), result });
  return result;
}

type Shown = Pick<ProofResult, 'mutations' | 'steps'>;

async function showAll(options: ProofOptions, report: ProofReporter): Promise<Shown> {
  const { plan, clock, workers = defaultWorkers, openBench = openBenchHere } = options;
  const now = (): number => clock.now();
  const solved = await showStages(options, report);
  if (solved === undefined) return { mutations: [], steps: [] };
  const trials = allTrials(plan, solved);
  const world = { plan, tools: options, present: solved.present };
  const trialOptions = { openBench: () => openBench(world), workers, now, report };
  const first = trials.filter(({ reserve }) => !reserve);
  // A check depends on what comes before it, and most on what comes shortly before it.
  const reserve = trials.filter(({ reserve }) => reserve).reverse();
  let mutations = await tryAll(first, trialOptions);
  let steps = stepProofs(plan, solved, mutations);
  while (reserve.length > 0 && steps.some(({ outcome }) => outcome === 'cannot-fail')) {
    mutations = [...mutations, ...(await tryAll(reserve.splice(0, workers), trialOptions))];
    steps = stepProofs(plan, solved, mutations);
  }
  return { mutations, steps };
}

async function showStages(options: ProofOptions, report: ProofReporter): Promise<Solved | undefined> {
  const { plan, clock } = options;
  const ground = await options.openGround();
  try {
    return await runStages(ground, { plan, tools: options, now: () => clock.now(), report });
  } finally {
    await ground.close();
  }
}

function isProved({ stages, mutations, steps }: Pick<ProofResult, 'stages' | 'mutations' | 'steps'>): boolean {
  return (
    stages.every(({ outcome }) => outcome === 'held') &&
    mutations.every(({ outcome }) => outcome === 'noticed' || outcome === 'excused') &&
    steps.every(({ outcome }) => outcome !== 'cannot-fail')
  );
}
