import { counted } from '../../util/text.ts';
import { pointsText } from '../verify/marks.ts';
import type {
  Evidence,
  Expectation,
  Likeness,
  MarkState,
  ProbeEvidence,
  StepMark,
  StudentMarks,
  VerificationEnd,
} from '../verify/verification.ts';

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

/** The points of a step in words, in a state in which they count; empty for one that has none. */
export function stepPoints({ points: { earned, possible } }: Pick<StepMark, 'points'>): string {
  return possible === 0 ? '' : `${pointsText(earned)} of ${counted(possible, 'point')}`;
}

/** What several students have in common: stands between their names and the value. */
export const alikeTexts: Readonly<Record<Likeness['kind'], string>> = {
  account: 'have the same account',
  nonce: 'have records and logs of the same run,',
  principal: 'have what was made with the same credentials, by the mark',
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

/** A record that was put by a probe, and where the log shows it. */
export function probeText({ put, stream, shard, sequenceNumber, event }: ProbeEvidence): string {
  const place = sequenceNumber === undefined ? '' : `, sequence number ${sequenceNumber} in ${shard}`;
  const shown =
    event === undefined ? 'in no log' : `in the log ${event.group} at ${event.at}, log stream ${event.logStream}: ${event.message}`;
  return `record put into ${stream} at ${put}${place}; ${shown}`;
}

/** What findings rest on, a line for each resource and each call. */
export function evidenceLines({ resources, calls, probe }: Evidence): readonly string[] {
  const made = resources.map(
    ({ arn, created, changed }) =>
      `${arn}${created === undefined ? '' : `, created ${created}`}${changed === undefined ? '' : `, last changed ${changed}`}`,
  );
  const asked = calls.map(
    ({ call, requestId, at, error }) =>
      `${call} at ${at}${requestId === undefined ? '' : `, request ${requestId}`}${error === undefined ? '' : `: ${error}`}`,
  );
  return [...(probe === undefined ? [] : [probeText(probe)]), ...made, ...asked];
}
