import type { Evidence, Expectation, Likeness, MarkState, StepMark, StudentMarks, VerificationEnd } from '../verify/verification.ts';

/** What a state is called. */
export const stateNames: Readonly<Record<MarkState, string>> = {
  met: 'met',
  'not-met': 'not met',
  absent: 'absent',
  unchecked: 'could not check',
  'left-out': 'not counted',
};

/** A sign for each state, which stands beside its name. */
export const stateSigns: Readonly<Record<MarkState, string>> = { met: '✓', 'not-met': '✗', absent: '✗', unchecked: '?', 'left-out': '–' };

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

/** What is looked for. */
export const expectations: Readonly<Record<Expectation, string>> = {
  built: 'what the lab builds stands, and works',
  finished: 'it was done, and what it made is gone but for the logs',
};

/** What several students have in common: stands between their names and the value. */
export const alikeTexts: Readonly<Record<Likeness['kind'], string>> = {
  account: 'have the same account',
  nonce: 'have records and logs of the same run,',
};

/** A step that some have not met. */
export interface MissedStep {
  readonly id: string;
  readonly heading: string;
  /** How many have not met it, those included with whom there is nothing. */
  readonly count: number;
}

/** The steps that were not met by everybody who could be checked; those first that most have not met. */
export function missedSteps(steps: VerificationEnd['steps']): readonly MissedStep[] {
  return steps
    .map(({ id, heading, states }) => ({ id, heading, count: states['not-met'] + states.absent }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
}

/** The same with a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What findings rest on, a line for each resource and each call. */
export function evidenceLines({ resources, calls }: Evidence): readonly string[] {
  const made = resources.map(
    ({ arn, created, changed }) =>
      `${arn}${created === undefined ? '' : `, created ${created}`}${changed === undefined ? '' : `, last changed ${changed}`}`,
  );
  const asked = calls.map(
    ({ call, requestId, at, error }) =>
      `${call} at ${at}${requestId === undefined ? '' : `, request ${requestId}`}${error === undefined ? '' : `: ${error}`}`,
  );
  return [...made, ...asked];
}
