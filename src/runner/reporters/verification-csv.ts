import { csvRow } from '../../util/csv.ts';
import { printable } from '../../util/printable.ts';
import { masked } from '../../util/redact.ts';
import { pointsText } from '../verify/marks.ts';
import type { StepMark, StudentMarks, Verification } from '../verify/verification.ts';
import { probeText, reasons, stateNames } from './verification-words.ts';

/**
 * A verification as CSV (RFC 4180): a line for each student, with what the roster says of them, their points in all and for each
 * step, and why they have not all of them. Nothing in a cell is taken for a formula by a spreadsheet.
 */
export function* verificationCsv({ start, end, students }: Verification): Generator<string> {
  const own = extraColumns(students());
  const steps = end.steps.map(({ id }) => id);
  const head = ['student', 'state', 'points', 'possible', 'unchecked', 'account', 'region', 'prefix', 'nonce', 'checked at', 'reasons'];
  const probes = start.probe ? ['probe'] : [];
  yield row([...head, ...probes, ...own, ...steps.map((id) => `step ${id}`)]);
  for (const each of students()) {
    const { student, state, points, account = '', region, prefix, learner, at, columns } = each;
    yield row([
      student,
      stateNames[state],
      pointsText(points.earned),
      pointsText(points.possible),
      pointsText(points.unchecked),
      account,
      region,
      prefix,
      learner?.nonce ?? '',
      at,
      reasons(each),
      ...probes.map(() => each.steps.flatMap(({ evidence: { probe } }) => (probe === undefined ? [] : [probeText(probe)])).join('; ')),
      ...own.map((name) => columns[name] ?? ''),
      ...steps.map((id) => cellOf(each.steps.find((step) => step.id === id))),
    ]);
  }
}

function extraColumns(students: Iterable<StudentMarks>): readonly string[] {
  const names = new Set<string>();
  for (const { columns } of students) for (const name of Object.keys(columns)) names.add(name);
  return [...names];
}

function cellOf(step: StepMark | undefined): string {
  if (step === undefined) return '';
  const counts = step.points.possible > 0 && (step.state === 'met' || step.state === 'not-met');
  return counts ? pointsText(step.points.earned) : stateNames[step.state];
}

/** What a spreadsheet would take for a formula (OWASP, "CSV Injection") has a quote in front, which makes it text. */
function row(cells: readonly string[]): string {
  return csvRow(cells.map((text) => printable(masked(text)).replace(/^([=+\-@\t\r\n|%])/, "'$1")));
}
