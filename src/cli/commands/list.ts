import type { LedgerContent } from '../../runner/ledger-text.ts';
import { listLabs, packageLabs } from '../../runner/library.ts';
import { progressText } from '../../runner/reporters/resumption.ts';
import { readLedgers } from '../../runner/state-folder.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { legibleLine } from '../../util/printable.ts';
import { createPaint, type Paint } from '../../util/text.ts';
import type { OutputFlags } from '../options.ts';
import { remind } from '../reminder.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { type UnfinishedRun, unfinishedRuns } from '../unfinished.ts';

/** How far the user has got with a lab. */
interface LabProgress {
  readonly progress: 'new' | 'begun' | 'done';
  readonly unfinished: readonly UnfinishedRun[];
}

/** Lists the labs of the package, and how far the user has got with each. */
export async function list(flags: OutputFlags, io: Surroundings): Promise<ExitCode> {
  const { ledgers } = readLedgers(stateFolder(io));
  await remind(flags, io, () => ledgers);
  const labs = await listLabs(packageLabs);
  const progressOf = progressIn(ledgers, io);
  if (flags.json) {
    const shaped = labs.map(({ path, ...lab }) => ({ ...lab, file: path, ...progressOf(lab.id) }));
    io.out(`${jsonText(shaped, 2)}\n`);
  } else {
    const paint = createPaint(io.colour);
    for (const { id, title, summary, minutes, broken } of labs) {
      const state = stateText(progressOf(id), paint);
      const about = broken === undefined ? legibleLine(summary) : paint('red', `This lab cannot be read: ${legibleLine(broken)}`);
      io.out(`${paint('bold', `${legibleLine(id)}  ${legibleLine(title)}`)}  ${paint('dim', `${minutes} min`)}${state}\n    ${about}\n`);
    }
    if (!flags.quiet) io.out(`\nBegin with: kinesis-labs start ${labs[0]?.id ?? ''}\n`);
  }
  return labs.some((lab) => lab.broken !== undefined) ? ExitCode.usage : ExitCode.ok;
}

function stateText({ progress, unfinished }: LabProgress, paint: Paint): string {
  const done = progress === 'done' ? paint('green', '  done') : '';
  const last = unfinished.at(-1);
  if (last === undefined) return progress === 'begun' ? paint('yellow', '  begun') : done;
  return `${done}${paint('yellow', `  ${last.progress === undefined ? 'begun' : progressText(last.progress)}`)}`;
}

function progressIn(ledgers: readonly LedgerContent[], io: Surroundings): (lab: string) => LabProgress {
  const unfinished = unfinishedRuns(ledgers, io);
  const done = new Set<string>();
  const begun = new Set<string>();
  for (const { header, entries } of ledgers) {
    if (entries.some((entry) => entry.entry === 'ended' && entry.outcome === 'met')) done.add(header.lab.id);
    if (entries.some((entry) => entry.entry === 'step')) begun.add(header.lab.id);
  }
  return (lab) => ({
    progress: done.has(lab) ? 'done' : begun.has(lab) ? 'begun' : 'new',
    unfinished: unfinished.filter((run) => run.lab === lab),
  });
}
