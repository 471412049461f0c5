import type { Plan, PlannedStep } from '../plan.ts';
import type { MutationResult, StepProof } from './proof.ts';
import { factsOf } from './sight.ts';
import type { Solved } from './stages.ts';

/** What the mutations have shown about the checks of a lab, step by step. */
export function stepProofs(plan: Plan, solved: Solved, mutations: readonly MutationResult[]): readonly StepProof[] {
  return plan.steps.map((planned) => stepProof(planned, solved, mutations));
}

function stepProof({ block, kind }: PlannedStep, { looked, done }: Solved, mutations: readonly MutationResult[]): StepProof {
  const step = block.id;
  if (kind.cannotFail !== undefined) {
    const message = `Nothing on AWS can make such a check fail, because ${kind.cannotFail}.`;
    return { step, outcome: 'exempt', problem: { message }, neverRed: [] };
  }
  const seenRed = mutations.flatMap(({ noticedBy }) => noticedBy).filter((red) => red.step === step);
  if (seenRed.length === 0 && mutations.some(({ outcome }) => outcome === 'untried')) return { step, outcome: 'unknown', neverRed: [] };
  if (seenRed.length === 0) {
    const problem = {
      message: 'Whatever was made wrong in this lab, its check was content.',
      hint: 'A check that cannot fail tells a learner nothing. Let it expect something that only this lab makes so.',
    };
    return { step, outcome: 'cannot-fail', problem, neverRed: [] };
  }
  const red = new Set(seenRed.flatMap(({ facts }) => facts));
  // A step of which nothing is left was looked at only while it was done.
  const walked = looked.steps.get(step)?.outcome === 'left-out' ? done : looked;
  const facts = factsOf(walked.steps.get(step)?.looked ?? [], () => true);
  return { step, outcome: 'can-fail', neverRed: facts.filter((fact) => !red.has(fact)) };
}
