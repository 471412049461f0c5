import { legibleLine } from '../../util/printable.ts';
import { shellWord } from '../../util/shell-word.ts';
import { counted, wrap } from '../../util/text.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { LabChange, Progress, Resumed, RunEvent, Taken } from '../event.ts';
import type { RunView } from './run-view.ts';

/** How far somebody has got: `3 of 10 steps done, 30 of 100 points`. */
export function progressText({ done, of, points }: Progress): string {
  const earned = points.possible > 0 ? `, ${points.earned} of ${counted(points.possible, 'point')}` : '';
  return `${done} of ${counted(of, 'step')} done${earned}`;
}

/** What `--prefix` and `--set` said, as it is typed; empty where they said nothing. */
export function settingsText({ prefix, set }: Pick<Resumed, 'prefix' | 'set'>): string {
  const settings = Object.entries(set).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`);
  return [...(prefix === '' ? [] : [`--prefix ${shellWord(prefix)}`]), ...settings].join(' ');
}

/** The lines about a run that goes on: how far it had got, what still holds, what has changed, and what is going to happen. */
export function resumptionLines(resumed: Resumed, start: Extract<RunEvent, { type: 'run-started' }>, view: RunView): string {
  const settings = settingsText(resumed);
  const next = start.lasting
    ? 'What you did is checked first.'
    : 'What you did is done again without questions, because the sandbox ended with the program.';
  const lines = [
    view.paint('bold', `Going on where you left: ${progressText(resumed.progress)}. --restart begins anew.`),
    ...(settings === '' ? [] : [view.paint('dim', `As before: ${legibleLine(settings)}`)]),
    ...resumed.changes.map((change) => view.paint('yellow', wrap(legibleLine(changeText(change)), view.width))),
    ...(resumed.progress.done === 0 ? [] : [view.paint('dim', wrap(next, view.width))]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function changeText(change: LabChange): string {
  switch (change.change) {
    case 'changed':
      return `Step "${change.step}" has changed since it was done: it is to be done again.`;
    case 'new':
      return `Step "${change.step}" is new.`;
    case 'removed':
      return `Step "${change.step}" is no longer in the lab.${change.alive ? ' What it made is still taken down at the end.' : ''}`;
    case 'reordered':
      return 'The steps stand in another order than before.';
    default:
      return unreachable(change);
  }
}

/** The line of a step that was taken up without questions. */
export function takenLine(number: number, id: string, taken: Taken, view: RunView): string {
  return `  ${view.paint('green', '✓')} ${number} ${legibleLine(id)}${view.paint('dim', `: ${takenText(taken)}`)}\n`;
}

function takenText(taken: Taken): string {
  switch (taken) {
    case 'found':
      return 'as you left it';
    case 'trusted':
      return 'done before';
    case 'redone':
      return 'done again';
    case 'jumped':
      return 'done for you, without points';
    default:
      return unreachable(taken);
  }
}

/** What is said of a step that was done, and is no longer as it was. */
export function vanishedText({ step, gone }: Extract<RunEvent, { type: 'step-vanished' }>): string {
  const id = `step "${step.block.id}"`;
  if (gone.length === 0) return `What ${id} did is no longer so: it is done again.`;
  const names = gone.map(({ noun, ref }) => `the ${noun} ${ref.id}`).join(', ');
  return `${names.charAt(0).toUpperCase()}${names.slice(1)} ${gone.length === 1 ? 'is' : 'are'} gone: ${id} is done again.`;
}
