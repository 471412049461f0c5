import { createHash } from 'node:crypto';
import { jsonText, toJson } from '../../util/json.ts';
import { legible } from '../../util/printable.ts';
import { redacted } from '../../util/redact.ts';
import { counted, listed } from '../../util/text.ts';
import { pointsText } from '../verify/marks.ts';
import type { StepMark, StudentMarks, Verification, VerificationStart } from '../verify/verification.ts';
import { findingText, problemText } from './junit.ts';
import { expectations, sentence, stateNames } from './verification-words.ts';

/** A file of a report that is a folder. */
export interface ReportPart {
  /** Its path in the folder: names of one folder and one file, with a slash between them. */
  readonly path: string;
  readonly text: string;
}

/**
 * A verification as Gradescope's autograders report it (Gradescope, "Autograder Specifications", "Output Format"): a
 * `results.json` for each student, in a folder that has their name.
 *
 * What could not be checked has no score, and a student of whom something could not be checked has none in all: Gradescope
 * takes such a result for an autograder that has failed, by its specification ("optional, but required if not on each test case"),
 * and not for a zero. That it does so is not verified.
 */
export function* verificationGradescope({ start, students }: Verification): Generator<ReportPart> {
  for (const marks of students()) yield { path: `${folderName(marks.student)}/results.json`, text: results(marks, start) };
}

function results(marks: StudentMarks, start: VerificationStart): string {
  const { steps, problem, state, points, durationMs, at, ...who } = marks;
  const whole = state !== 'unchecked' && points.unchecked === 0;
  const evidence = Object.fromEntries(steps.map(({ id, evidence }) => [id, evidence]));
  const result = {
    // Comes first: by this, the next report knows that it may take the place of this one. Gradescope keeps it and does not show it.
    extra_data: { made_by: 'kinesis-labs verify', lab: start.lab.id, expect: start.expect, ...who, state, points, at, evidence },
    ...(whole ? { score: points.earned } : {}),
    execution_time: Math.round(durationMs / 1000),
    output: legible(summary(marks, start)),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    tests: steps.map((step, index) => testOf(step, index + 1)),
  };
  return `${jsonText(redacted(toJson(result)))}\n`;
}

function summary({ points, state, steps, problem }: StudentMarks, { lab, expect }: VerificationStart): string {
  const open = points.unchecked === 0 ? '' : ` ${counted(points.unchecked, 'point')} could not be checked, which is no zero.`;
  const left = steps.filter((step) => step.state === 'left-out').map(({ id }) => id);
  const out = left.length === 0 ? '' : `\nNot counted: ${listed(left)}.`;
  const why = problem === undefined || state !== 'unchecked' ? '' : `\n${problemText(problem)}`;
  const head = `Lab ${lab.id}: ${lab.title}\nExpected: ${expectations[expect]}.`;
  return `${head}\n${sentence(stateNames[state])}. ${pointsText(points.earned)} of ${counted(points.possible, 'point')}.${open}${why}${out}`;
}

function testOf({ id, heading, state, points, findings, problem, hint }: StepMark, number: number): object {
  const scored = state !== 'unchecked' && state !== 'left-out';
  const lines = [
    `${sentence(stateNames[state])}.`,
    ...(problem === undefined ? [] : [problemText(problem)]),
    ...findings.map((finding) => (finding.ok ? `✓ ${finding.fact}: ${finding.observed}` : `✗ ${findingText(finding)}`)),
    ...(hint === undefined ? [] : [`Hint of the lab: ${hint}`]),
  ];
  return {
    ...(scored ? { score: points.earned, max_score: points.possible, status: state === 'met' ? 'passed' : 'failed' } : {}),
    name: legible(`${id}: ${heading}`, 200),
    name_format: 'text',
    number: String(number),
    output: legible(lines.join('\n'), 20_000),
    output_format: 'text',
    visibility: 'visible',
  };
}

// Names of devices, which Windows takes for no folders.
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const plain = /^[a-z0-9][a-z0-9@_+-]*(?:\.[a-z0-9@_+-]+)*$/;

/**
 * The name of a folder that only this student has, on any file system: a name or an address of small letters as it is; of any
 * other what is left of it without what a file system takes ill, with a digest of all of it.
 */
export function folderName(student: string): string {
  if (plain.test(student) && student.length <= 100 && !devices.test(student)) return student;
  const kept = student.normalize('NFC').replace(/[^\p{L}\p{N}@_+-]+/gu, '_');
  const digest = createHash('sha256').update(student).digest('hex').slice(0, 16);
  // No plain name has a tilde. Forty letters take 160 bytes at most; a name may have 255.
  return `${[...kept].slice(0, 40).join('')}~${digest}`;
}
