import type { Finding } from '../../steps/step.ts';
import { counted } from '../../util/text.ts';
import type { Problem } from '../event.ts';
import { pointsText } from '../verify/marks.ts';
import type { Evidence, MarkState, StepMark, StudentMarks } from '../verify/verification.ts';
import { shownText } from './markup.ts';
import { evidenceLines, stateNames, stateSigns, stepPoints } from './verification-words.ts';

/** A state as text; colour only repeats it. */
export function stateMark(state: MarkState): string {
  return `<span class="state ${state}"><span aria-hidden="true">${stateSigns[state]}</span> ${stateNames[state]}</span>`;
}

/** A name from somewhere else, whichever way its letters run. */
export function nameMark(name: string, most?: number): string {
  return `<bdi>${shownText(name, most)}</bdi>`;
}

/** The points of a student or a step. */
export function pointsMark({ earned, possible }: StepMark['points'], open = 0): string {
  return `${pointsText(earned)} of ${counted(possible, 'point')}${open === 0 ? '' : `, ${pointsText(open)} left open`}`;
}

/**
 * All about one student: each step with its findings, what the lab says to it, and what the findings rest on.
 * @param number of the student in the report, from 1; the id of the place in the page is made of it
 * @param folded whether it can be folded, which it is at first
 */
export function studentMark(marks: StudentMarks, number: number, folded: boolean): string {
  const { student, state, points, steps, problem } = marks;
  const head = `<h3>${nameMark(student, 200)}</h3> ${stateMark(state)} <span>${pointsMark(points, points.unchecked)}</span>`;
  const why = problem !== undefined && state === 'unchecked' ? problemMark(problem) : '';
  const list = steps.map((step) => stepMark(step, problem?.message)).join('');
  // A link to what is inside of something folded unfolds it.
  const body = `<div class="body" id="student-${number}">${factsMark(factsOf(marks))}${why}<ol class="steps">\n${list}</ol></div>`;
  const inner = folded ? `<details><summary>${head}</summary>${body}</details>` : `<div class="head">${head}</div>${body}`;
  return `<article class="student">${inner}</article>\n`;
}

type Facts = readonly (readonly [name: string, value: string])[];

function factsOf({ account, region, principal, prefix, learner, at, columns }: StudentMarks): Facts {
  return [
    ...Object.entries(columns).filter(([, value]) => value !== ''),
    ...(account === undefined ? [] : [['Account', account] as const]),
    ...(region === '' ? [] : [['Region', region] as const]),
    ...(prefix === '' ? [] : [['Names begin with', prefix] as const]),
    ...(learner === undefined ? [] : [['Run', `${learner.run ?? learner.nonce}, by ${learner.seenIn}`] as const]),
    ...(learner?.started === undefined ? [] : [['Begun', learner.started] as const]),
    ...(principal === undefined ? [] : [['Looked at as', principal] as const]),
    ['Looked at', at],
  ];
}

function factsMark(facts: Facts): string {
  const list = facts.map(([name, value]) => `<dt>${shownText(name, 100)}</dt><dd>${nameMark(value)}</dd>`);
  return `<dl class="facts">${list.join('')}</dl>`;
}

function stepMark(step: StepMark, common: string | undefined): string {
  const { id, heading, state, points, findings, problem, hint, evidence } = step;
  const title = `<h4>${shownText(id)} <span class="dim">${shownText(heading)}</span></h4>`;
  const counts = state !== 'left-out' && points.possible > 0;
  const earned = !counts ? '' : state === 'unchecked' ? `, ${counted(points.possible, 'point')} left open` : `, ${stepPoints(step)}`;
  // What is true of the whole account is said once, at its beginning.
  const why = problem === undefined || problem.message === common ? '' : problemMark(problem);
  const found = findings.length === 0 ? '' : `<ul class="findings">${findings.map(findingMark).join('')}</ul>`;
  const help = hint === undefined ? '' : `<p class="notice lines"><strong>Hint of the lab:</strong> ${shownText(hint)}</p>`;
  return `<li>${title}<p>${stateMark(state)}${earned}</p>${why}${found}${help}${evidenceMark(evidence, id)}</li>\n`;
}

function findingMark({ fact, expected, observed, ok, hint }: Finding): string {
  const state = stateMark(ok ? 'met' : 'not-met');
  if (ok) return `<li>${state} ${shownText(fact)}: ${shownText(observed)}</li>`;
  const seen = factsMark([
    ['Expected', expected],
    ['Observed', observed],
  ]);
  return `<li>${state} <strong>${shownText(fact)}</strong>${seen}${hint === undefined ? '' : `<p class="lines">${shownText(hint)}</p>`}</li>`;
}

function problemMark({ message, hint }: Problem): string {
  return `<p class="notice lines">${shownText(message)}${hint === undefined ? '' : `\n${shownText(hint)}`}</p>`;
}

function evidenceMark(evidence: Evidence, id: string): string {
  const items = evidenceLines(evidence).map((line) => `<li>${shownText(line)}</li>`);
  if (items.length === 0) return '';
  return `<details class="evidence"><summary>What ${shownText(id)} rests on</summary><ul>${items.join('')}</ul></details>`;
}
