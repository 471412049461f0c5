import type { Finding } from '../../steps/step.ts';
import { isAboutRemoval } from './removal-finding.ts';
import type { AccountMarks, MarkState, Points, StepMark } from './verification.ts';

/** How a step stands by what was found: nothing but what is not there is `absent`. */
export function stateOf(findings: readonly Finding[]): 'met' | 'not-met' | 'absent' {
  if (findings.every(({ ok }) => ok)) return 'met';
  return findings.every(({ absent = false }) => absent) ? 'absent' : 'not-met';
}

/** Of the points of a step, the part that its findings earn. */
export function earnedBy(findings: readonly Finding[], possible: number): number {
  if (findings.length === 0) return 0;
  return hundredths((possible * findings.filter(({ ok }) => ok).length) / findings.length);
}

/** How an account stands: what could not be looked at leaves everything open; where only what is missing was found, nobody has begun. */
export function tally(steps: readonly StepMark[]): Pick<AccountMarks, 'state' | 'points'> {
  const counted = steps.filter(({ state }) => state !== 'left-out');
  const unchecked = counted.filter(({ state }) => state === 'unchecked');
  const points: Points = {
    earned: sum(counted, ({ points: { earned } }) => earned),
    possible: sum(counted, ({ points: { possible } }) => possible),
    unchecked: sum(unchecked, ({ points: { possible } }) => possible),
  };
  const all = (wanted: MarkState): boolean => counted.every(({ state }) => state === wanted);
  // Where nothing could be looked at, nothing was shown to be met.
  if (counted.length === 0 || unchecked.length > 0) return { state: 'unchecked', points };
  if (all('met')) return { state: 'met', points };
  // What is there and should not be was made as well.
  const isMade = (finding: Finding): boolean => finding.ok !== isAboutRemoval(finding);
  const made = counted.some(({ state, findings }) => state === 'met' || (state === 'not-met' && findings.some(isMade)));
  return { state: !made && counted.some(({ state }) => state === 'absent') ? 'absent' : 'not-met', points };
}

function sum(steps: readonly StepMark[], points: (step: StepMark) => number): number {
  return hundredths(steps.reduce((total, step) => total + points(step), 0));
}

function hundredths(points: number): number {
  return Math.round(points * 100) / 100;
}

/** Points for people: `12.5`. */
export function pointsText(points: number): string {
  return String(hundredths(points));
}
