import type { MarkState, StepMark, StudentMarks } from '../verify/verification.ts';

/** What a state is called. */
export const stateNames: Readonly<Record<MarkState, string>> = {
  met: 'met',
  'not-met': 'not met',
  absent: 'absent',
  unchecked: 'could not check',
  'left-out': 'not counted',
};

/** What kept a student from all points, in short. */
export function reasons({ steps, problem, state }: StudentMarks): string {
  if (state === 'unchecked' && problem !== undefined) return problem.message;
  return steps.flatMap((step) => reasonOf(step) ?? []).join('; ');
}

/** What is wrong with a step, in short; `undefined` where nothing is. */
export function reasonOf({ id, state, findings, problem }: StepMark): string | undefined {
  if (state === 'met' || state === 'left-out') return undefined;
  const wrong = findings.find(({ ok }) => !ok);
  if (problem !== undefined || wrong === undefined) return `${id}: ${problem?.message ?? stateNames[state]}`;
  return `${id}: ${wrong.fact}: expected ${wrong.expected}, observed ${wrong.observed}`;
}
