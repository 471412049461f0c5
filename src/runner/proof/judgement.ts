import { isReadOnly } from '../../aws/api-call.ts';
import type { Problem } from '../event.ts';
import type { Plan, PlannedStep } from '../plan.ts';
import type { StepWalk, Walk } from './ground.ts';
import { nameOf } from './promise.ts';

/** What keeps a walk over a lab that nobody has done from being red: every step that is worth something has to be. */
export function notRed(plan: Plan, walk: Walk): readonly Problem[] {
  if (walk.result.outcome === 'could-not-run') return [couldNotRun(walk)];
  return plan.steps.flatMap((planned): Problem[] => {
    const step = walk.steps.get(planned.block.id);
    if (step?.outcome !== 'met' || planned.kind.cannotFail !== undefined || !isWorthSomething(planned, step)) return [];
    return [
      {
        message: `The step "${planned.block.id}" is met, although nothing has been done.`,
        hint: 'Its check cannot tell a lab that is done from one that is not. Let it look at something that the lab makes.',
      },
    ];
  });
}

function isWorthSomething({ block }: PlannedStep, { bound, promised }: StepWalk): boolean {
  return block.points > 0 || (bound?.owns().length ?? 0) > 0 || !promised.every(isReadOnly);
}

/** What keeps a walk over a lab from being green. */
export function notGreen({ result, steps }: Walk): readonly Problem[] {
  const problems = [...steps].flatMap(([id, step]) => (step.outcome === 'met' || step.outcome === 'left-out' ? [] : [unmet(id, step)]));
  if (problems.length > 0 || result.outcome === 'met') return problems;
  return [result.problem ?? { message: 'No step could be looked at.', hint: 'Let one step at least leave something behind.' }];
}

/** What keeps a walk over a lab that is done from doing nothing. */
export function writesAgain({ steps }: Walk): readonly Problem[] {
  return [...steps].flatMap(([id, { writes, bound }]) => {
    if (writes.length === 0 || bound?.leavesTrace() === false) return [];
    return [
      {
        message: `The step "${id}" writes again what is there already: ${[...new Set(writes.map(nameOf))].join(', ')}.`,
        hint: 'Applying has to look first, and to make only the writes that are still needed.',
      },
    ];
  });
}

function unmet(id: string, { outcome, findings, problem }: StepWalk): Problem {
  const wrong = findings.find(({ ok }) => !ok);
  const how = outcome === 'not-met' ? 'is not met' : 'could not be looked at';
  if (problem !== undefined) return { ...problem, message: `The step "${id}" ${how}: ${problem.message}` };
  if (wrong === undefined) return { message: `The step "${id}" ${how}.` };
  const { fact, expected, observed, hint } = wrong;
  return {
    message: `The step "${id}" ${how}: ${fact}: expected ${expected}, observed ${observed}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Why nothing can be said about a lab. */
export function couldNotRun({ result }: Walk): Problem {
  return result.problem ?? { message: 'The lab could not be run.' };
}
