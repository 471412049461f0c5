import { pointsText } from '../verify/marks.ts';
import type { StepMark, StudentMarks, Verification, VerificationStart } from '../verify/verification.ts';
import { unmet } from './junit.ts';
import { type Case, junitParts, type Suite } from './junit-xml.ts';
import { probeText, stateNames } from './verification-words.ts';

/**
 * A verification as JUnit XML: a test suite for each student, a test case for each step. A step that is not met or absent is a
 * failure, one that could not be checked an error, which says nothing about the student, and one that does not count is skipped.
 */
export function verificationJunit({ start, students }: Verification): Generator<string> {
  return junitParts({
    *[Symbol.iterator]() {
      for (const marks of students()) yield suiteOf(marks, start);
    },
  });
}

function suiteOf(marks: StudentMarks, start: VerificationStart): Suite {
  const { student, steps, points, state, account = '', region, prefix, at, durationMs } = marks;
  return {
    name: student,
    cases: steps.map((step) => caseOf(step, student, start)),
    seconds: durationMs / 1000,
    startedAt: Date.parse(at),
    properties: {
      state: stateNames[state],
      'points earned': pointsText(points.earned),
      'points possible': pointsText(points.possible),
      'points unchecked': pointsText(points.unchecked),
      account,
      region,
      prefix,
    },
  };
}

function caseOf(step: StepMark, student: string, { lab }: VerificationStart): Case {
  const ending = endingOf(step);
  // A test is known again by its class and its name: each student has their own.
  const suite = `kinesis-labs.${lab.id}.${student}`;
  const { probe } = step.evidence;
  const output = probe === undefined ? {} : { output: probeText(probe) };
  return { name: `${step.id}: ${step.heading}`, suite, file: lab.file, seconds: 0, ...output, ...(ending ? { ending } : {}) };
}

function endingOf({ state, findings, problem, hint }: StepMark): Case['ending'] {
  if (state === 'met') return undefined;
  if (state === 'left-out') return { kind: 'skipped', message: problem?.message ?? stateNames[state] };
  const { message, text } = unmet(findings, problem, stateNames[state]);
  const help = hint === undefined ? '' : `\nHint of the lab: ${hint}`;
  return { kind: state === 'unchecked' ? 'error' : 'failure', message, text: `${text}${help}` };
}
