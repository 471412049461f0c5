import { legible, legibleLine } from '../../util/printable.ts';
import { counted, createPaint, duration, type Paint, wrap } from '../../util/text.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { Problem } from '../event.ts';
import {
  type MutationResult,
  type ProofEvent,
  type ProofReporter,
  type ProofResult,
  type StageResult,
  stageTitles,
} from '../proof/proof.ts';
import type { TerminalOptions } from './run-view.ts';

export interface ProofTerminalOptions extends Pick<TerminalOptions, 'write' | 'width' | 'colour'> {
  /** `quiet`: what did not hold, and the end. `full`: every mutation as well, and who noticed. */
  readonly detail: 'quiet' | 'brief' | 'full';
  /** Show how far the mutations have got in a line that is written over, for somebody who looks on. */
  readonly live?: boolean;
}

interface View extends ProofTerminalOptions {
  readonly paint: Paint;
  /** How many mutations there are to try, and have been tried. */
  count: number;
  tried: number;
  /** Whether the line that is written over stands at the end. */
  standing: boolean;
}

const clearLine = '\r\u001b[2K';

/** A proof as it goes on, for people. */
export function proofTerminal(options: ProofTerminalOptions): ProofReporter {
  const view: View = { ...options, paint: createPaint(options.colour), count: 0, tried: 0, standing: false };
  return (event) => {
    const line = progress(event, view);
    const text = `${format(event, view)}${line}`;
    if (text === '') return;
    options.write(view.standing ? `${clearLine}${text}` : text);
    view.standing = line !== '';
  };
}

/** The line that is written over: it has no end of its own. */
function progress(event: ProofEvent, view: View): string {
  if (event.type === 'proof-started') view.count = view.tried = 0;
  if (event.type === 'mutations-started') view.count += event.count;
  if (event.type === 'mutation-ended') view.tried += 1;
  if (view.live !== true || view.detail !== 'brief' || (event.type !== 'mutations-started' && event.type !== 'mutation-ended')) return '';
  return `  ${view.tried} of ${counted(view.count, 'mutation')} tried …`;
}

function format(event: ProofEvent, view: View): string {
  switch (event.type) {
    case 'proof-started': {
      const { id, title } = event.plan.lab;
      return view.detail === 'quiet' ? '' : `\n${view.paint('bold', `Lab ${legibleLine(id)}: ${legibleLine(title)}`)}\n`;
    }
    case 'stage-ended':
      return stageLines(event.stage, view);
    case 'mutations-started':
      return view.detail === 'full' ? `${view.paint('dim', `  … trying ${counted(event.count, 'mutation')}`)}\n` : '';
    case 'mutation-ended':
      return view.detail === 'full' && event.mutation.outcome === 'noticed' ? mutationLine(event.mutation, view) : '';
    case 'proof-ended':
      return `${mutationLines(event.result, view)}${stepLines(event.result, view)}${headline(event.result, view)}`;
    default:
      return unreachable(event);
  }
}

function stageLines({ stage, outcome, problems, durationMs }: StageResult, view: View): string {
  const title = stageTitles[stage];
  if (outcome === 'failed') return `${bad(title, view)}${problems.map((problem) => problemLines(problem, view)).join('')}`;
  if (view.detail === 'quiet') return '';
  if (outcome === 'skipped') return `${view.paint('dim', `  – ${title}: could not be shown`)}\n`;
  return good(`${title}${view.detail === 'full' ? `, ${duration(durationMs)}` : ''}`, view);
}

function mutationLine({ name, noticedBy, durationMs }: MutationResult, view: View): string {
  const who = noticedBy.map(({ step }) => `"${legibleLine(step)}"`).join(', ');
  return good(`${legibleLine(name)}: noticed by ${who === '' ? 'what fails' : who}, ${duration(durationMs)}`, view);
}

function mutationLines({ mutations, stages, outcome }: ProofResult, view: View): string {
  const noticed = mutations.filter((each) => each.outcome === 'noticed').length;
  const excused = mutations.filter((each) => each.outcome === 'excused');
  const wrong = mutations.filter((each) => each.outcome === 'unnoticed' || each.outcome === 'untried');
  if (mutations.length === 0) {
    const why = stages.every((stage) => stage.outcome === 'held') ? 'there is nothing in it that could be wrong' : 'not tried';
    return view.detail === 'quiet' || outcome === 'interrupted' ? '' : `${view.paint('dim', `  – mutations: ${why}`)}\n`;
  }
  const count = `${noticed} of ${counted(mutations.length - excused.length, 'mutation')} noticed`;
  const head = wrong.length > 0 ? bad(count, view) : view.detail === 'quiet' ? '' : good(count, view);
  const excuses = view.detail === 'full' ? excused.map(({ name, problem }) => aside(`${name}: ${problem?.message}`, view)) : [];
  const lines = wrong.map((each) => {
    const what = each.outcome === 'unnoticed' ? 'not noticed' : 'not tried';
    const title = `${view.paint('red', `${what}:`)} ${legibleLine(each.name)} (step "${legibleLine(each.step)}")`;
    return `      ${title}\n${each.problem ? problemLines(each.problem, view, '        ') : ''}`;
  });
  return [head, ...lines, ...excuses].join('');
}

function stepLines({ steps }: ProofResult, view: View): string {
  const failed = steps.map(({ step, outcome, problem }) =>
    outcome === 'cannot-fail' ? `${bad(`step "${legibleLine(step)}" cannot fail`, view)}${problem ? problemLines(problem, view) : ''}` : '',
  );
  if (view.detail === 'quiet') return failed.join('');
  const excuses = new Map<string, string[]>();
  for (const { step, outcome, problem } of steps) {
    if (outcome !== 'exempt' || problem === undefined) continue;
    excuses.set(problem.message, [...(excuses.get(problem.message) ?? []), `"${step}"`]);
  }
  const exempt = [...excuses].map(([why, ids]) =>
    aside(`not asked to fail: ${ids.length === 1 ? 'step' : 'steps'} ${ids.join(', ')}. ${why}`, view),
  );
  const never = steps.flatMap(({ step, neverRed }) => neverRed.map((fact) => `${fact} (step "${step}")`));
  const warning = never.length === 0 ? '' : aside(`never seen to be wrong: ${never.join('; ')}`, view);
  return [...failed, ...exempt, warning].join('');
}

function headline({ outcome, stages, mutations, steps, durationMs }: ProofResult, view: View): string {
  const took = duration(durationMs);
  if (outcome === 'proved') return `\n${view.paint('green', 'Proved.')} ${counted(mutations.length, 'mutation')} tried, ${took}.\n`;
  if (outcome === 'interrupted') return `\n${view.paint('yellow', 'Interrupted.')} ${took}.\n`;
  const counts = [
    [stages.filter((each) => each.outcome === 'failed').length, 'promise', 'broken'],
    [mutations.filter((each) => each.outcome === 'unnoticed').length, 'mutation', 'not noticed'],
    [mutations.filter((each) => each.outcome === 'untried').length, 'mutation', 'not tried'],
    [steps.filter((each) => each.outcome === 'cannot-fail').length, 'step', 'that cannot fail'],
  ] as const;
  const what = counts.flatMap(([count, noun, how]) => (count > 0 ? [`${counted(count, noun)} ${how}`] : []));
  return `\n${view.paint('red', 'Not proved:')} ${what.join(', ')}. ${took}.\n`;
}

function good(text: string, view: View): string {
  return `  ${view.paint('green', '✓')} ${text}\n`;
}

function bad(text: string, view: View): string {
  return `  ${view.paint('red', '✗')} ${text}\n`;
}

function aside(text: string, view: View): string {
  return `${view.paint('dim', wrap(legible(text), view.width, '    ').replace(/^ {4}/, '  – '))}\n`;
}

function problemLines({ message, hint }: Problem, view: View, indent = '      '): string {
  const told = wrap(legible(message), view.width, indent);
  return `${told}\n${hint === undefined ? '' : `${view.paint('yellow', wrap(legible(hint), view.width, indent))}\n`}`;
}
