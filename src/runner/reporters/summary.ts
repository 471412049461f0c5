import { legibleLine } from '../../util/printable.ts';
import { counted, duration, listed } from '../../util/text.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { RunResult } from '../event.ts';
import type { RunView } from './run-view.ts';

/** The last lines of a run: what it came to, and what is left. */
export function summary(result: RunResult, view: RunView): string {
  return `\n${[headline(result, view), ...leftovers(result, view), ...continuation(result, view)].join('\n')}\n`;
}

function headline(result: RunResult, view: RunView): string {
  const points = result.points.possible > 0 ? `, ${result.points.earned} of ${counted(result.points.possible, 'point')}` : '';
  const leftOut = result.steps.filter(({ outcome }) => outcome === 'left-out').length;
  const tally = `${result.met} of ${counted(view.steps - leftOut, 'step')} met${points}, ${duration(result.durationMs)}`;
  const last = result.steps.at(-1)?.id;
  switch (result.outcome) {
    case 'met':
      return `${view.paint('green', 'Done.')} ${tally}.`;
    case 'not-met':
      return `${view.paint('red', 'Not met:')} ${unmet(result)}. ${tally}.`;
    case 'could-not-run':
      return `${view.paint('red', 'Could not run')}${last === undefined ? '' : ` step "${legibleLine(last)}"`}. ${tally}.`;
    case 'interrupted':
      return `${view.paint('yellow', 'Interrupted.')} ${tally}.`;
    case 'quit':
      return `${view.paint('yellow', 'Ended')}${last === undefined ? '' : ` at step "${legibleLine(last)}"`}. ${tally}.`;
    default:
      return unreachable(result.outcome);
  }
}

function unmet({ steps }: RunResult): string {
  const ids = steps.filter(({ outcome }) => outcome === 'not-met' || outcome === 'unchecked').map(({ id }) => `"${legibleLine(id)}"`);
  return `${ids.length === 1 ? 'step' : 'steps'} ${listed(ids)}`;
}

/** How a learner who left goes on. */
function continuation({ outcome, steps }: RunResult, { start }: RunView): readonly string[] {
  if (start?.mode !== 'guide' || (outcome !== 'quit' && outcome !== 'interrupted')) return [];
  const done = steps.some((step) => step.outcome === 'met' || step.outcome === 'skipped');
  return done ? ['Start it again to go on from there.'] : [];
}

function leftovers({ left }: RunResult, view: RunView): readonly string[] {
  const { start, kept, lasting } = view;
  if (start === undefined || start.mode === 'check') return [];
  if (left.length === 0 && kept === 0) return ['Nothing is left behind.'];
  const count = left.length + kept;
  if (!lasting)
    return [`${counted(count, 'resource')} ${count === 1 ? 'ends' : 'end'} with ${start.target}, which ends with this program.`];
  const target = start.target === 'aws' ? 'aws' : start.target;
  return [
    stillThere(count),
    `kinesis-labs status shows what is alive; kinesis-labs clean ${legibleLine(start.plan.lab.id)} --target ${target} removes it.`,
  ];
}

export function stillThere(count: number): string {
  return `${counted(count, 'resource')} ${count === 1 ? 'is' : 'are'} still there.`;
}
