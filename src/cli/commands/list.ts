import { listLabs, packageLabs } from '../../runner/library.ts';
import { readLedgers } from '../../runner/state-folder.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { legibleLine } from '../../util/printable.ts';
import { createPaint } from '../../util/text.ts';
import type { OutputFlags } from '../options.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';

/** Lists the labs of the package, and how far the user has got with each. */
export async function list(flags: OutputFlags, io: Surroundings): Promise<ExitCode> {
  const labs = await listLabs(packageLabs);
  const progress = progressByLab(io);
  if (flags.json) {
    const shaped = labs.map(({ path, ...lab }) => ({ ...lab, file: path, progress: progress.get(lab.id) ?? 'new' }));
    io.out(`${jsonText(shaped, 2)}\n`);
  } else {
    const paint = createPaint(io.colour);
    for (const { id, title, summary, minutes, broken } of labs) {
      const state = { done: paint('green', '  done'), begun: paint('yellow', '  begun'), new: '' }[progress.get(id) ?? 'new'];
      const about = broken === undefined ? legibleLine(summary) : paint('red', `This lab cannot be read: ${legibleLine(broken)}`);
      io.out(`${paint('bold', `${legibleLine(id)}  ${legibleLine(title)}`)}  ${paint('dim', `${minutes} min`)}${state}\n    ${about}\n`);
    }
    if (!flags.quiet) io.out(`\nBegin with: kinesis-labs start ${labs[0]?.id ?? ''}\n`);
  }
  return labs.some((lab) => lab.broken !== undefined) ? ExitCode.usage : ExitCode.ok;
}

function progressByLab(io: Surroundings): ReadonlyMap<string, 'done' | 'begun'> {
  const progress = new Map<string, 'done' | 'begun'>();
  for (const { header, entries } of readLedgers(stateFolder(io)).ledgers) {
    const done = entries.some((entry) => entry.entry === 'ended' && entry.outcome === 'met');
    if (done) progress.set(header.lab.id, 'done');
    else if (!progress.has(header.lab.id) && entries.some((entry) => entry.entry === 'step')) progress.set(header.lab.id, 'begun');
  }
  return progress;
}
