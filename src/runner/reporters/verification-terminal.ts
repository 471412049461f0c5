import type { Finding } from '../../steps/step.ts';
import { legible, legibleLine } from '../../util/printable.ts';
import { layTable } from '../../util/table.ts';
import { counted, createPaint, duration, listed, type Paint, wrap } from '../../util/text.ts';
import type { Problem } from '../event.ts';
import { pointsText } from '../verify/marks.ts';
import type { AccountMarks, Evidence, MarkState, StepMark, StudentMarks, Verification } from '../verify/verification.ts';
import {
  alikeTexts,
  evidenceLines,
  expectations,
  missedSteps,
  reasons,
  sentence,
  stateNames,
  stateSigns,
  stepPoints,
} from './verification-words.ts';

export interface VerificationTextOptions {
  readonly width: number;
  readonly colour: boolean;
  /** `quiet`: only what is not met, and the end. */
  readonly detail: 'quiet' | 'brief';
  /** Show what the findings rest on. */
  readonly evidence: boolean;
}

interface View extends VerificationTextOptions {
  readonly paint: Paint;
}

/** The marks of one account for people: each step, what was found, and what it rests on. */
export function accountText({ start }: Pick<Verification, 'start'>, marks: StudentMarks, options: VerificationTextOptions): string {
  const view: View = { ...options, paint: createPaint(options.colour) };
  const { lab, expect } = start;
  const title = view.paint('bold', `Lab ${legibleLine(lab.id)}: ${legibleLine(lab.title)}`);
  const steps = marks.steps.map((step, index) => stepText(step, index + 1, marks, view)).join('');
  const head = `${title}\n${view.paint('dim', wrap(`Expected: ${expectations[expect]}.\n${whereText(marks)}`, view.width))}\n\n`;
  return `${view.detail === 'quiet' ? '' : head}${steps}${totalText(marks, view)}`;
}

function whereText(marks: StudentMarks): string {
  const { account, region, principal, at, learner, prefix } = marks;
  const where =
    account === undefined ? `Region ${region}` : `Account ${account}, region ${region}, looked at as ${legibleLine(principal ?? '')}`;
  const named = prefix === '' ? '' : ` The names of the resources begin with ${legibleLine(prefix)}.`;
  return `${where}, at ${at}.${named} ${learner === undefined ? 'No run of the lab can be told by what is there.' : learnerText(learner)}`;
}

function learnerText({ nonce, started, seenIn, run }: NonNullable<AccountMarks['learner']>): string {
  const when = started === undefined ? '' : `, begun at ${legibleLine(started)}`;
  return `The run is ${legibleLine(run ?? nonce)}${when}, by ${legibleLine(seenIn)}.`;
}

const styles: Readonly<Record<MarkState, 'green' | 'red' | 'yellow' | 'dim'>> = {
  met: 'green',
  'not-met': 'red',
  absent: 'red',
  unchecked: 'yellow',
  'left-out': 'dim',
};

function stepText(step: StepMark, number: number, account: AccountMarks, view: View): string {
  const { id, heading, state, points, findings, problem, hint } = step;
  if (view.detail === 'quiet' && (state === 'met' || state === 'left-out')) return '';
  const [sign, style] = [stateSigns[state], styles[state]];
  const earned = state === 'left-out' || state === 'unchecked' || points.possible === 0 ? '' : ` ${stepPoints(step)}`;
  const open = state === 'unchecked' && points.possible > 0 ? ` ${counted(points.possible, 'point')} left open` : '';
  const head = `${view.paint(style, sign)} ${view.paint('bold', `${number}. ${legibleLine(id)}`)} ${view.paint(style, stateNames[state])}${earned}${open}${view.paint('dim', ` (${legibleLine(heading)})`)}`;
  // What is true of the whole account is said at the end.
  const isOwn = problem !== undefined && problem.message !== account.problem?.message;
  const found = findings.map((finding) => findingText(finding, view)).join('');
  const lab = hint === undefined ? '' : `${view.paint('yellow', wrap(`Hint of the lab: ${legible(hint)}`, view.width, '    '))}\n`;
  return `${head}\n${isOwn ? problemText(problem, view) : ''}${found}${lab}${view.evidence ? evidenceText(step.evidence, view) : ''}`;
}

function findingText({ fact, expected, observed, ok, hint }: Finding, view: View): string {
  if (ok) return view.detail === 'quiet' ? '' : `    ${view.paint('green', '✓')} ${legibleLine(fact)}: ${legibleLine(observed)}\n`;
  const lines = [
    `    ${view.paint('red', '✗')} ${legibleLine(fact)}`,
    `        expected: ${legibleLine(expected)}`,
    `        observed: ${legibleLine(observed)}`,
    ...(hint === undefined ? [] : [view.paint('yellow', wrap(legible(hint), view.width, '        '))]),
  ];
  return `${lines.join('\n')}\n`;
}

function problemText({ message, hint }: Problem, view: View): string {
  const first = wrap(legible(message), view.width, '    ');
  return `${first}\n${hint === undefined ? '' : `${view.paint('yellow', wrap(legible(hint), view.width, '    '))}\n`}`;
}

function evidenceText(evidence: Evidence, view: View): string {
  return evidenceLines(evidence)
    .map((line) => `${view.paint('dim', `    · ${legibleLine(line)}`)}\n`)
    .join('');
}

/** What the points come to: what could not be checked is said beside them. */
function totalText({ state, points, problem, steps }: AccountMarks, view: View): string {
  const [sign, style] = [stateSigns[state], styles[state]];
  const open = points.unchecked === 0 ? '' : ` ${counted(points.unchecked, 'point')} could not be checked.`;
  const left = steps.filter((step) => step.state === 'left-out');
  const out = left.length === 0 ? '' : ` ${listed(left.map(({ id }) => id))} ${left.length === 1 ? 'does' : 'do'} not count.`;
  const why = problem === undefined || state !== 'unchecked' ? '' : problemText(problem, view);
  const total = `${pointsText(points.earned)} of ${counted(points.possible, 'point')}.${open}${out}`;
  return `\n${view.paint(style, `${sign} ${sentence(stateNames[state])}.`)} ${wrap(total, view.width)}\n${why}`;
}

// More of those are in the reports.
const mostRows = 1_000;

/** The marks of a class for people: a line for each student, what most have not met, and what to look at. */
export function classText({ start, end, students }: Verification, options: VerificationTextOptions): string {
  const view: View = { ...options, paint: createPaint(options.colour) };
  const { lab, expect } = start;
  const rows: string[][] = [];
  for (const each of students()) {
    if (view.detail === 'quiet' && each.state === 'met') continue;
    if (rows.length === mostRows) break;
    const { points, state, account = '', student } = each;
    const open = points.unchecked === 0 ? '' : `, ${pointsText(points.unchecked)} open`;
    const [sign, style] = [stateSigns[state], styles[state]];
    rows.push([
      `${view.paint(style, sign)} ${legibleLine(student, 60)}`,
      account,
      `${pointsText(points.earned)} of ${pointsText(points.possible)}${open}`,
      view.paint(style, stateNames[state]),
      legibleLine(reasons(each), 160),
    ]);
  }
  const table = rows.length === 0 ? '' : `${layTable(['student', 'account', 'points', 'state', 'what is missing'], rows, view.width)}\n`;
  const title = view.paint('bold', `Lab ${legibleLine(lab.id)}: ${legibleLine(lab.title)}`);
  const head = `${title}\n${view.paint('dim', `Expected: ${expectations[expect]}.`)}\n\n`;
  return `${view.detail === 'quiet' ? '' : head}${table}${missedText(end, view)}${alikeText(end, view)}${classTotal(end)}`;
}

/** The steps that most have not met. */
function missedText({ steps, students }: Verification['end'], view: View): string {
  const missed = missedSteps(steps).slice(0, 5);
  if (missed.length === 0 || students < 2) return '';
  const lines = missed.map(
    ({ id, heading, count }) => `  ${count} of ${students}  ${legibleLine(id)}${view.paint('dim', ` (${legibleLine(heading)})`)}`,
  );
  return `\n${view.paint('bold', 'Most often not met')}\n${lines.join('\n')}\n`;
}

function alikeText({ alike }: Verification['end'], view: View): string {
  if (alike.length === 0) return '';
  const lines = alike.map(({ kind, value, students }) =>
    wrap(`${legibleLine(listed(students))} ${alikeTexts[kind]} ${legibleLine(value)}.`, view.width, '  '),
  );
  return `\n${view.paint('yellow', 'To be looked at, which is no judgement')}\n${lines.join('\n')}\n`;
}

function classTotal({ states, students, durationMs, interrupted }: Verification['end']): string {
  const { met, absent, unchecked, 'not-met': notMet } = states;
  const parts = [`${met} met`, `${notMet} not met`, `${absent} absent`, `${unchecked} could not be checked`];
  const early = interrupted ? ' Interrupted: go on with --only unchecked --from and the JSON report.' : '';
  return `\n${counted(students, 'student')}: ${parts.join(', ')}, in ${duration(durationMs)}.${early}\n`;
}
