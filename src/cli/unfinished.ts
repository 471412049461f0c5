import { type EarlierRun, earlierRuns } from '../runner/earlier-run.ts';
import type { Progress } from '../runner/event.ts';
import type { LedgerContent, LedgerTarget } from '../runner/ledger-text.ts';
import { isUnfinished } from '../runner/progress.ts';
import { progressText, settingsText } from '../runner/reporters/resumption.ts';
import { legibleLine } from '../util/printable.ts';
import { startCommand } from './start-command.ts';
import type { Surroundings } from './surroundings.ts';

/** A run that a learner has begun and not brought to its end, as it is printed for programs. */
export interface UnfinishedRun {
  readonly run: string;
  readonly lab: string;
  readonly target: LedgerTarget;
  readonly prefix: string;
  /** ISO 8601. */
  readonly since: string;
  /** The command that goes on with it. */
  readonly start: string;
  /** Absent where an older version of the program did not say which steps there were. */
  readonly progress?: Progress;
}

/** The runs that learners have begun and not brought to an end, the oldest first. */
export function unfinishedRuns(ledgers: readonly LedgerContent[], io: Surroundings): readonly UnfinishedRun[] {
  return earlierRuns(ledgers)
    .filter(({ ledger }) => isUnfinished(ledger.entries))
    .map((run) => shaped(run, io));
}

function shaped({ ledger, progress }: EarlierRun, io: Surroundings): UnfinishedRun {
  const { run, lab, target, prefix, started: since } = ledger.header;
  return { run, lab: lab.id, target, prefix, since, start: startCommand(ledger, io), ...(progress === undefined ? {} : { progress }) };
}

/** One line for each. */
export function unfinishedLines(runs: readonly UnfinishedRun[]): string {
  return runs
    .map(({ lab, target, prefix, progress, start }) => {
      const settings = settingsText({ prefix, set: {} });
      const which = `Lab ${lab} on ${target.label}${settings === '' ? '' : `, ${settings}`}`;
      return `${legibleLine(`${which}: ${progress === undefined ? 'begun' : progressText(progress)}. To go on: ${start}`)}\n`;
    })
    .join('');
}
