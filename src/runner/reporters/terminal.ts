import { isReadOnly } from '../../aws/api-call.ts';
import type { Finding } from '../../steps/step.ts';
import { legible, legibleLine, printable } from '../../util/printable.ts';
import { bothEnds, counted, createPaint, duration, indented, wrap } from '../../util/text.ts';
import type { Problem, Reporter, RunEvent } from '../event.ts';
import { resumptionLines, takenLine, vanishedText } from './resumption.ts';
import type { RunView, TerminalOptions } from './run-view.ts';
import { summary } from './summary.ts';

type Formats = { readonly [Type in RunEvent['type']]: (event: Extract<RunEvent, { readonly type: Type }>, view: RunView) => string };

const answerLines = { quiet: 0, brief: 40, full: 120 } as const;

/** What happens, for people. Text that came from AWS or from a lab file cannot act on the terminal. */
export function terminalReporter(options: TerminalOptions): Reporter {
  const view: RunView = {
    ...options,
    paint: createPaint(options.colour),
    steps: 0,
    lasting: true,
    readsOnly: false,
    answerProseShown: false,
    told: new Set(),
    kept: 0,
    index: 0,
    asked: true,
  };
  return (event) => {
    const text = format(event, view);
    if (text !== '') options.write(text);
  };
}

function format<Type extends RunEvent['type']>(event: Extract<RunEvent, { readonly type: Type }>, view: RunView): string {
  const formatter = formats[event.type as Type] as (event: Extract<RunEvent, { readonly type: Type }>, view: RunView) => string;
  return formatter(event, view);
}

const formats: Formats = {
  'run-started': (event, view) => {
    view.start = event;
    view.steps = event.plan.steps.length;
    view.lasting = event.lasting;
    view.kept = 0;
    if (view.detail === 'quiet') return '';
    const { lab } = event.plan;
    const title = view.paint('bold', `Lab ${legibleLine(lab.id)}: ${legibleLine(lab.title)}`);
    const where = `Target: ${legibleLine(event.target)}, region ${event.region}, account ${event.account}.`;
    const resumption = event.resumed === undefined ? '' : `\n${resumptionLines(event.resumed, event, view)}`;
    return `\n${title}\n${view.paint('dim', where)}\n${resumption}`;
  },

  'step-started': ({ step, index, calls, question, script = '', asked }, view) => {
    view.readsOnly = calls.every(isReadOnly);
    view.answerProseShown = false;
    view.index = index;
    view.asked = asked;
    if (view.detail === 'quiet' || !asked) return '';
    const { id, heading, points } = step.block;
    const prose = view.detail === 'full' && view.renderMarkdown && step.prose.trim() !== '' ? `${view.renderMarkdown(step.prose)}\n\n` : '';
    // Where the page is shown, its heading stands above already.
    const about = [...(prose === '' ? [legibleLine(heading)] : []), ...(points > 0 ? [counted(points, 'point')] : [])].join(', ');
    const head = `${view.paint('bold', `Step ${index + 1} of ${view.steps}: ${legibleLine(id)}`)}${view.paint('dim', about === '' ? '' : ` (${about})`)}`;
    const lines = [...calls.flatMap((call) => view.cliLines(call)), ...(script === '' ? [] : [script])].map((line) =>
      view.paint('cyan', indented(printable(line), '    ')),
    );
    return `\n${prose}${head}\n${question === undefined ? '' : readable(question.text, view)}${lines.map((line) => `${line}\n`).join('')}`;
  },

  'step-vanished': (event, view) => `${view.paint('yellow', wrap(legibleLine(vanishedText(event)), view.width, '  '))}\n`,

  'step-applying': () => '',

  'step-failed': ({ problem }, view) => told(problem, view),

  'hint-shown': ({ hint }, view) => `${view.paint('yellow', wrap(`Hint: ${legible(hint)}`, view.width, '  '))}\n`,

  'call-answered': ({ call, durationMs, error, requestId }, view) => {
    if (!view.calls) return '';
    const ending = error === undefined ? 'ok' : legibleLine(error);
    const id = requestId === undefined ? '' : ` (request ${legibleLine(requestId)})`;
    return `${view.paint('dim', `  ${call.service}:${call.operation} ${duration(durationMs)} ${ending}${id}`)}\n`;
  },

  waiting: ({ what }, view) => (isSilent(view) ? '' : `${view.paint('dim', `  … waiting for ${legibleLine(what)}`)}\n`),

  waited: ({ durationMs }, view) => (view.calls ? `${view.paint('dim', `    waited ${duration(durationMs)}`)}\n` : ''),

  'answer-shown': ({ step, call, answer }, view) => {
    if (isSilent(view) || (view.detail === 'brief' && !view.readsOnly)) return '';
    const prose = view.detail === 'full' && !view.answerProseShown && view.renderMarkdown ? step.answerProse.trim() : '';
    view.answerProseShown = true;
    const head = prose === '' ? '' : `${view.renderMarkdown?.(prose) ?? ''}\n`;
    return `${head}  ${view.paint('dim', `${call.operation} answers`)}\n${block(JSON.stringify(answer, null, 2), view.detail)}`;
  },

  'command-ended': ({ result }, view) => (isSilent(view) || result.output === '' ? '' : block(result.output.trimEnd(), view.detail)),

  findings: ({ findings }, view) => findings.map((finding) => findingLines(finding, view)).join(''),

  explained: ({ explanation }, view) => (isSilent(view) ? '' : readable(explanation, view)),

  'step-ended': ({ step, outcome, problem, taken }, view) => {
    const failure = problem ? told(problem, view) : '';
    if (taken !== undefined) return view.detail === 'quiet' ? '' : takenLine(view.index + 1, step.block.id, taken, view);
    if (outcome === 'left-out' && view.detail !== 'quiet')
      return `${view.paint('dim', '  – Left out: nothing is left of it that could be looked at.')}\n`;
    if (view.detail !== 'full' || (outcome !== 'met' && outcome !== 'skipped')) return failure;
    const points = step.block.points > 0 ? ` ${counted(step.block.points, 'point')}.` : '';
    const ending = outcome === 'met' ? `${view.paint('green', '  Met.')}${points}` : view.paint('dim', '  Done for you, without points.');
    const { plan } = view.start ?? {};
    const closing = plan?.steps.at(-1) === step ? plan.closing.trim() : '';
    return `${ending}\n${closing === '' || !view.renderMarkdown ? '' : `\n${view.renderMarkdown(closing)}\n`}`;
  },

  'teardown-started': ({ count, step }, view) => {
    if (view.detail === 'quiet') return '';
    if (step !== undefined)
      return `\n${view.paint('bold', `Removing what there is, to begin anew with step "${legibleLine(step.block.id)}"`)}\n`;
    return `\n${view.paint('bold', `Removing ${count <= 1 ? 'what' : `the ${count} things that`} the lab created`)}\n`;
  },

  'resource-removed': ({ ref, noun }, view) =>
    view.detail === 'quiet' ? '' : `  ${view.paint('green', '✓')} ${legibleLine(noun)} ${legibleLine(ref.id)}\n`,

  'resource-spared': ({ ref, noun, why }, view) =>
    view.detail === 'quiet'
      ? ''
      : `  ${view.paint('dim', '–')} ${legibleLine(noun)} ${legibleLine(ref.id)} is left alone: ${legibleLine(why)}\n`,

  'resource-kept': ({ ref, noun, why, hint, intended }, view) => {
    if (intended) view.kept += 1;
    if (intended && view.detail === 'quiet') return '';
    const name = `${legibleLine(noun)} ${legibleLine(ref.id)}`;
    if (intended) return `  ${view.paint('yellow', '–')} ${name} stays: ${legibleLine(why)}\n${advice(hint, view)}`;
    return `  ${view.paint('red', '✗')} ${name} is still there: ${legibleLine(why)}\n${advice(hint, view)}`;
  },

  'run-ended': ({ result }, view) => {
    const failure = result.problem && !view.told.has(result.problem.message) ? told(result.problem, view) : '';
    return `${failure}${summary(result, view)}`;
  },
};

/** Whether only what is not met is to be said: because that was asked for, or because the step was seen before. */
function isSilent({ detail, asked }: RunView): boolean {
  return detail === 'quiet' || !asked;
}

// An iterator has 300 characters; what is longer is an error that quotes its input, or a tail of a log.
const mostOfLine = 600;

/** Text as a block of its own; the end of a long one is left out, and the middle of long lines. */
function block(text: string, detail: keyof typeof answerLines): string {
  const most = answerLines[detail];
  const lines = text.split('\n');
  const shown = lines.slice(0, most).map((line) => legible(bothEnds(line, mostOfLine)));
  const rest = lines.length > most ? [`… ${counted(lines.length - most, 'more line')}`] : [];
  return `${indented([...shown, ...rest].join('\n'), '    ')}\n`;
}

/** Markdown as a block of its own: rendered for somebody who does the lab, as it is written where that is not asked for. */
function readable(markdown: string, { detail, renderMarkdown, width }: RunView): string {
  const text = detail === 'full' && renderMarkdown ? renderMarkdown(markdown) : wrap(printable(markdown.trim()), width - 2);
  return `${indented(text, '  ')}\n`;
}

function findingLines({ fact, expected, observed, ok, hint }: Finding, view: RunView): string {
  if (ok) return isSilent(view) ? '' : `  ${view.paint('green', '✓')} ${legibleLine(fact)}: ${under(legible(observed))}\n`;
  const lines = [
    `  ${view.paint('red', '✗')} ${legibleLine(fact)}`,
    `      expected: ${under(legible(expected))}`,
    `      observed: ${under(legible(observed))}`,
    ...(hint === undefined ? [] : [view.paint('yellow', wrap(legible(hint), view.width, '      '))]),
  ];
  return `${lines.join('\n')}\n`;
}

function told({ message, hint }: Problem, view: RunView): string {
  view.told.add(message);
  const first = wrap(legible(message), view.width, '    ').replace(/^ {4}/, `  ${view.paint('red', '✗')} `);
  return `${first}\n${hint === undefined ? '' : hintLines(hint, view)}`;
}

/** What to do about something that stays, once for all to which it applies. */
function advice(hint: string | undefined, view: RunView): string {
  if (hint === undefined || view.told.has(hint)) return '';
  view.told.add(hint);
  return hintLines(hint, view);
}

function hintLines(hint: string, view: RunView): string {
  return `${view.paint('yellow', wrap(legible(hint), view.width, '    '))}\n`;
}

/** Further lines of a text stand further in than any line of the reporter's own, so that they cannot pass for one. */
function under(text: string): string {
  return text.replaceAll('\n', '\n        ');
}
