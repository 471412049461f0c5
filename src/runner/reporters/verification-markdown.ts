import { legibleLine } from '../../util/printable.ts';
import { masked } from '../../util/redact.ts';
import { counted, duration, listed } from '../../util/text.ts';
import { pointsText } from '../verify/marks.ts';
import type { MarkState, StepMark, StudentMarks, Verification } from '../verify/verification.ts';
import { type Overview, overviewOf } from './verification-overview.ts';
import { alikeTexts, expectations, probeText, reasons, sentence, stateNames } from './verification-words.ts';

/** What GitHub takes for the summary of a step, in bytes (GitHub, "Workflow commands for GitHub Actions", "Step isolation and limits"). */
export const mostSummaryBytes = 1_048_576;

// What is left for the words that say what was left out.
const reserve = 2_000;

const signs: Readonly<Record<MarkState, string>> = { met: '✅', 'not-met': '❌', absent: '❌', unchecked: '❓', 'left-out': '➖' };

/**
 * A verification as Markdown for the summary of a CI job or a comment: the class first, then a line for each student, then what
 * is missing of whom. Whatever comes from AWS, a roster or a lab is text in it, and no markup.
 * @param most how many bytes it may have; what does not fit is left out, and how much that is said.
 */
export function* verificationMarkdown(verification: Verification, most = mostSummaryBytes): Generator<string> {
  const { start, end, students } = verification;
  const overview = overviewOf(verification);
  let room = most - reserve;
  /** Whether a part fits, and has been given its room. */
  const fits = (part: string): boolean => {
    const bytes = Buffer.byteLength(part);
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const head = [
    '<!-- kinesis-labs verify -->',
    `# Lab ${text(start.lab.id)}: ${text(start.lab.title)}`,
    '',
    `Expected: ${expectations[start.expect]}. ${counted(end.students, 'student')}, ${start.started}, ${text(start.target)}, in ${duration(end.durationMs)}.`,
    ...(end.interrupted ? ['', '**Interrupted: not everybody was looked at.**'] : []),
    '',
    ...table(['state', 'students'], statesOf(verification)),
    ...(start.roster ? classLines(verification, overview) : []),
    ...uncheckedLines(overview),
  ];
  const first = lines(head);
  if (fits(first)) yield first;
  const tableHead = lines(['', '## Marks', '', ...table(['student', 'account', 'points', 'state', 'what is missing'], [])]);
  if (fits(tableHead)) yield tableHead;
  let rows = 0;
  for (const marks of students()) {
    const row = lines([tableRow(markCells(marks))]);
    if (!fits(row)) break;
    rows += 1;
    yield row;
  }
  if (start.probe) yield* probeLines(students(), fits);
  const told = yield* details(students(), fits);
  const left = end.students - rows;
  const untold = Math.min(mostWithFindings(end.states), end.students) - told;
  if (left > 0 || untold > 0) {
    const missing = [
      ...(left > 0 ? [`the lines of ${counted(left, 'student')}`] : []),
      ...(untold > 0 ? [`the findings of ${counted(untold, 'student')}`] : []),
    ];
    yield lines([
      '',
      `**Shortened:** this page may have ${most} bytes, and ${missing.join(' and ')} did not fit. Other reports have all of it.`,
    ]);
  }
}

function mostWithFindings(states: Verification['end']['states']): number {
  return states['not-met'] + states.absent + states.unchecked;
}

function statesOf({ end: { states } }: Verification): readonly (readonly string[])[] {
  return (['met', 'not-met', 'absent', 'unchecked'] as const).map((state) => [
    `${signs[state]} ${stateNames[state]}`,
    String(states[state]),
  ]);
}

function classLines({ end }: Verification, { spread, missed }: Overview): readonly string[] {
  const alike = end.alike.map(({ kind, value, students }) => `- ${text(listed(students))} ${alikeTexts[kind]} ${text(value)}.`);
  return [
    '',
    ...table(
      ['part of the points', 'students'],
      spread.map(({ part, students }) => [part, String(students)]),
    ),
    ...(missed.length === 0
      ? []
      : [
          '',
          '## Most often not met',
          '',
          ...table(
            ['step', 'students', 'most often'],
            missed.map(({ id, heading, count, finding }) => [
              `${text(id)} (${text(heading)})`,
              String(count),
              finding === undefined ? '' : `${text(missText(finding))} (${finding.students})`,
            ]),
          ),
        ]),
    ...(alike.length === 0 ? [] : ['', '## To be looked at, which is no judgement', '', ...alike]),
  ];
}

function missText({ what, expected, observed }: NonNullable<Overview['missed'][number]['finding']>): string {
  return expected === undefined ? what : `${what}: expected ${expected}, observed ${observed ?? ''}`;
}

function uncheckedLines({ unchecked }: Overview): readonly string[] {
  if (unchecked.length === 0) return [];
  const rows = unchecked.map(({ message, hint, names, students, points }) => [
    text(sentences(message, hint)),
    `${students}: ${text(names)}`,
    pointsText(points),
  ]);
  return ['', '## What could not be checked', '', ...table(['why', 'students', 'points left open'], rows)];
}

function markCells(marks: StudentMarks): readonly string[] {
  const { student, account = '', points, state } = marks;
  const open = points.unchecked === 0 ? '' : `, ${pointsText(points.unchecked)} open`;
  return [
    text(student, 100),
    text(account),
    `${pointsText(points.earned)} of ${pointsText(points.possible)}${open}`,
    `${signs[state]} ${stateNames[state]}`,
    text(reasons(marks), 200),
  ];
}

/** The records that were put, and where the logs show them; as far as there is room. */
function* probeLines(students: Iterable<StudentMarks>, fits: (part: string) => boolean): Generator<string> {
  const head = lines(['', '## Probes', '', ...table(['student', 'probe'], [])]);
  let begun = false;
  for (const { student, steps } of students) {
    const texts = steps.flatMap(({ evidence: { probe } }) => (probe === undefined ? [] : [text(probeText(probe), 600)]));
    if (texts.length === 0) continue;
    const part = `${begun ? '' : head}${lines([tableRow([text(student, 100), texts.join('; ')])])}`;
    if (!fits(part)) return;
    begun = true;
    yield part;
  }
}

/** What is missing of each student who has not everything. @returns of how many that was told */
function* details(students: Iterable<StudentMarks>, fits: (part: string) => boolean): Generator<string, number> {
  const heading = lines(['', '## What is missing', '']);
  let told = 0;
  for (const marks of students) {
    if (marks.state === 'met') continue;
    const part = `${told === 0 ? heading : ''}${studentText(marks)}`;
    if (!fits(part)) break;
    told += 1;
    yield part;
  }
  return told;
}

function studentText({ student, state, points, problem, steps }: StudentMarks): string {
  const head = `${text(student, 100)}: ${stateNames[state]}, ${pointsText(points.earned)} of ${pointsText(points.possible)}`;
  const common = state === 'unchecked' && problem !== undefined ? [`${problemLine(problem)}`, ''] : [];
  const open = steps.filter((step) => step.state === 'unchecked' && step.problem?.message === problem?.message);
  const items = steps.filter((step) => !open.includes(step)).flatMap(stepLines);
  return lines([`<details><summary>${head}</summary>`, '', ...common, ...items, ...openLines(open), '', '</details>', '']);
}

/** Steps that could not be checked, for the reason that was said already. */
function openLines(steps: readonly StepMark[]): readonly string[] {
  if (steps.length === 0) return [];
  const points = steps.reduce((sum, step) => sum + step.points.possible, 0);
  return [`- ${sentence(stateNames.unchecked)}, ${pointsText(points)} left open: ${text(steps.map(({ id }) => id).join(', '))}`];
}

function stepLines({ id, state, points, findings, problem, hint }: StepMark): readonly string[] {
  if (state === 'met' || state === 'left-out') return [];
  const earned = `, ${pointsText(points.earned)} of ${pointsText(points.possible)}`;
  const part = points.possible === 0 ? '' : state === 'unchecked' ? `, ${pointsText(points.possible)} left open` : earned;
  return [
    `- **${text(id)}**: ${sentence(stateNames[state])}${part}.${problem === undefined ? '' : ` ${problemLine(problem)}`}`,
    ...findings
      .filter(({ ok }) => !ok)
      .map(
        ({ fact, expected, observed, hint: help = '' }) =>
          `  - ${text(sentences(`${fact}: expected ${expected}, observed ${observed}`, help))}`,
      ),
    ...(hint === undefined ? [] : [`  - Hint of the lab: ${text(hint)}`]),
  ];
}

function problemLine({ message, hint }: NonNullable<StudentMarks['problem']>): string {
  return `Why: ${text(sentences(message, hint))}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

// Whatever Markdown, HTML or GitHub (mathematics, emoji, links that nobody has marked as such) give a meaning to. An entity is
// never taken for structure (CommonMark 0.31, 2.5); a backslash in a table may be.
const structural = /[\\`*_[\]<>&~|$@]|:(?=\S)|(?<=\bwww)\./gi;

/** Two texts, one behind the other, each with an end. */
function sentences(first: string, second = ''): string {
  return `${first}${/[.!?…:]$/.test(first) ? '' : '.'}${second === '' ? '' : ` ${second}`}`;
}

/** A text from somewhere else, on one line. */
function text(value: string, most?: number): string {
  return legibleLine(masked(value), most).replace(structural, (character) => `&#${character.charCodeAt(0)};`);
}
