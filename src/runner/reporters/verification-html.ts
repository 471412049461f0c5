import { createHash } from 'node:crypto';
import { counted, duration, listed } from '../../util/text.ts';
import { pointsText } from '../verify/marks.ts';
import type { Likeness, StudentMarks, Verification } from '../verify/verification.ts';
import { shownText } from './markup.ts';
import { nameMark, pointsMark, stateMark, studentMark } from './verification-html-student.ts';
import { style } from './verification-html-style.ts';
import { type Overview, overviewOf } from './verification-overview.ts';
import { alikeTexts, expectations, reasons } from './verification-words.ts';

/**
 * A verification as one page of HTML that needs nothing else: no script, no other file, no network; its own policy forbids all of
 * it. It begins with the class and ends with each student. In parts, a student at a time.
 */
export function* verificationHtml(verification: Verification): Generator<string> {
  const { start, end, students } = verification;
  const overview = overviewOf(verification);
  const sections = start.roster ? sectionsOf(verification, overview) : [];
  yield headMark(verification);
  if (start.roster) yield navigation([...sections, marksSection, studentsSection]);
  yield '<main>\n';
  for (const section of sections) yield sectionMark(section);
  if (start.roster) {
    yield `${opening(marksSection)}<table class="marks">${columnsMark(['Student', 'State', 'Points', 'What is missing'], [3])}<tbody>\n`;
    let number = 0;
    for (const marks of students()) yield rowMark(marks, ++number);
    yield '</tbody></table></section>\n';
  }
  yield opening(studentsSection);
  let number = 0;
  for (const marks of students()) yield studentMark(marks, ++number, end.students > 1);
  yield `</section>\n</main>\n${footer}</body>\n</html>\n`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly content?: string;
}

const marksSection: Section = { id: 'marks', title: 'Marks' };
const studentsSection: Section = { id: 'students', title: 'What was found' };

function opening({ id, title }: Section): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n`;
}

function sectionMark(section: Section): string {
  return `${opening(section)}${section.content ?? ''}</section>\n`;
}

function navigation(sections: readonly Section[]): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`);
  return `<nav aria-label="Parts of this page"><ul>${links.join('')}</ul></nav>\n`;
}

const footer = `<footer><h2>How to read the marks</h2>
<p>Everything was read from AWS; nothing comes from a student’s machine, and nothing was changed. A step earns the part of its points that its findings meet.
${stateMark('absent')} means that there is nothing to look at. ${stateMark('unchecked')} means that nobody could look: it says nothing about the student, and its points are neither earned nor lost.
${stateMark('left-out')} is what cannot be seen from outside, or not any more: its points do not count. The request ids are those under which AWS CloudTrail has the calls.</p>
</footer>
`;

function headMark({ start, end }: Verification): string {
  const { lab, expect, started, target } = start;
  const title = `Lab ${shownText(lab.id)}: ${shownText(lab.title)}`;
  const digest = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="kinesis-labs verify">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Expected: ${expectations[expect]}.</p>
<p class="dim">${counted(end.students, 'student')}, ${shownText(started)}, ${shownText(target)}, in ${duration(end.durationMs)}.</p>
${end.interrupted ? '<p class="notice">Interrupted: not everybody was looked at.</p>\n' : ''}</header>
`;
}

function sectionsOf({ end }: Verification, { spread, missed, unchecked }: Overview): readonly Section[] {
  return [
    {
      id: 'class',
      title: 'The class',
      content: `${statesTable(end)}${spreadTable(spread)}`,
    },
    ...(missed.length === 0 ? [] : [{ id: 'missed', title: 'Most often not met', content: missedTable(missed, end.students) }]),
    ...(end.alike.length === 0 ? [] : [{ id: 'alike', title: 'To be looked at', content: alikeList(end.alike) }]),
    ...(unchecked.length === 0 ? [] : [{ id: 'unchecked', title: 'What could not be checked', content: uncheckedTable(unchecked) }]),
  ];
}

function statesTable({ states, students }: Verification['end']): string {
  const rows = (['met', 'not-met', 'absent', 'unchecked'] as const).map(
    (state) => `<tr><th scope="row">${stateMark(state)}</th>${shareCells(states[state], students)}</tr>`,
  );
  return `<table class="shares"><caption>Students by state</caption>${columnsMark(['State', 'Students', 'Share'])}<tbody>${rows.join('')}</tbody></table>\n`;
}

function spreadTable(spread: Overview['spread']): string {
  const all = spread.reduce((sum, { students }) => sum + students, 0);
  const rows = spread.map(({ part, students }) => `<tr><th scope="row">${part}</th>${shareCells(students, all)}</tr>`);
  const caption = 'Students by their part of the points, of those who could be checked altogether';
  return `<table class="shares"><caption>${caption}</caption>${columnsMark(['Part of the points', 'Students', 'Share'])}<tbody>${rows.join('')}</tbody></table>\n`;
}

/** How many, and a bar that says the same. */
function shareCells(count: number, all: number): string {
  const percent = all === 0 ? 0 : (100 * count) / all;
  const bar = `<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="${percent.toFixed(2)}" height="4"/></svg>`;
  return `<td class="number">${count}</td><td class="share">${bar}</td>`;
}

function missedTable(missed: Overview['missed'], students: number): string {
  const rows = missed.map(({ id, heading, count, finding }) => {
    const seen =
      finding?.expected === undefined
        ? ''
        : `; for example, expected ${shownText(finding.expected)}, observed ${shownText(finding.observed ?? '')}`;
    const most = finding === undefined ? '' : `${shownText(finding.what)}${seen} (${counted(finding.students, 'student')})`;
    return `<tr><th scope="row">${shownText(id)} <span class="dim wide">${shownText(heading)}</span></th><td class="number">${count} of ${students}</td><td>${most}</td></tr>`;
  });
  return `<table class="missed">${columnsMark(['Step', 'Not met', 'Most often'])}<tbody>${rows.join('\n')}</tbody></table>\n`;
}

function alikeList(alike: readonly Likeness[]): string {
  const items = alike.map(({ kind, value, students }) => `<li>${nameMark(listed(students))} ${alikeTexts[kind]} ${shownText(value)}.</li>`);
  return `<p>What these students have in common may have a good reason: it is no judgement.</p><ul>${items.join('\n')}</ul>\n`;
}

function uncheckedTable(unchecked: Overview['unchecked']): string {
  const rows = unchecked.map(
    ({ message, hint, names, students, points }) =>
      `<tr><td class="lines">${shownText(message)}${hint === undefined ? '' : `\n${shownText(hint)}`}</td><td>${students}: ${nameMark(names)}</td><td class="number">${pointsText(points)}</td></tr>`,
  );
  return `<p>This says nothing about the students. Look again with <code>--only unchecked --from</code> and the JSON report.</p>
<table class="reasons">${columnsMark(['Why', 'Students', 'Points left open'])}<tbody>${rows.join('\n')}</tbody></table>\n`;
}

/** @param wide places of the columns that a narrow screen has no room for; what they say stands elsewhere as well */
function columnsMark(names: readonly string[], wide: readonly number[] = []): string {
  const cells = names.map((name, index) => `<th scope="col"${wide.includes(index) ? ' class="wide"' : ''}>${name}</th>`);
  return `<thead><tr>${cells.join('')}</tr></thead>`;
}

function rowMark(marks: StudentMarks, number: number): string {
  const { student, state, points } = marks;
  const cells = [
    `<th scope="row"><a href="#student-${number}">${nameMark(student, 200)}</a></th>`,
    `<td>${stateMark(state)}</td>`,
    `<td class="number">${pointsMark(points, points.unchecked)}</td>`,
    `<td class="wide">${shownText(reasons(marks), 300)}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>\n`;
}
