import { isAboutRemoval } from './removal-finding.ts';
import type { StepMark } from './verification.ts';

/**
 * What is gone may never have been there. Where the logs of a lab tell of what was done, it counts as removed; where they
 * could, and do not, nothing is known of it but that it is not there.
 */
export function finishedOnly(steps: readonly StepMark[]): readonly StepMark[] {
  const telling = steps.filter(({ findings, state }) => state === 'unchecked' || findings.some((finding) => !isAboutRemoval(finding)));
  const tell = telling.flatMap(({ findings }) => findings).some((finding) => finding.ok && !isAboutRemoval(finding));
  if (tell) return steps;
  return steps.map((step) => {
    if (step.state !== 'met' || !step.findings.every(isAboutRemoval)) return step;
    if (telling.length === 0)
      return { ...step, problem: { message: 'This lab leaves nothing in logs: that it was ever there cannot be seen.' } };
    const { points } = step;
    const none = { ...step, points: { ...points, earned: 0 } };
    if (telling.some(({ state }) => state === 'unchecked'))
      return {
        ...none,
        state: 'unchecked',
        problem: { message: 'It is not there, and the log that would say whether it was could not be looked at.' },
      };
    return {
      ...none,
      state: 'absent',
      problem: {
        message: 'It is not there, and no log says that it ever was.',
        hint: "It was never made, or its log was deleted with it. Ask for the report of the student's own run.",
      },
    };
  });
}
