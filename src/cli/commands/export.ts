import { resolve } from 'node:path';
import { displayPath, findLab } from '../../runner/library.ts';
import type { Plan } from '../../runner/plan.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { legibleLine } from '../../util/printable.ts';
import { loadPlan } from '../lab.ts';
import type { LabFlags, OutputFlags } from '../options.ts';
import { checkWritable, type OutputFile, writeWhole } from '../output-file.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ExportFlags extends LabFlags, OutputFlags {
  readonly format: 'bash' | 'markdown';
  readonly output?: string;
}

/** Writes a lab as something that can be used without this program: a script, or a tutorial. */
export async function exportLab(lab: string, flags: ExportFlags, io: Surroundings): Promise<ExitCode> {
  const file = flags.output === undefined ? undefined : outputFile(resolve(io.cwd, flags.output), flags, io);
  if (file !== undefined) checkWritable(file);
  const path = await findLab(lab, io.cwd);
  const plan = await loadPlan(path, flags, io);
  const text = await exported(plan, flags, path);
  if (file === undefined) {
    io.out(text);
    return ExitCode.ok;
  }
  writeWhole(file, text);
  if (!flags.quiet) io.out(`${legibleLine(file.name)} is written.\n`);
  return ExitCode.ok;
}

async function exported(plan: Plan, { format }: ExportFlags, path: string): Promise<string> {
  if (format === 'bash') return (await import('../../runner/export/bash.ts')).exportBash(plan);
  const [{ exportMarkdown }, { assetsFolder }] = await Promise.all([
    import('../../runner/export/markdown.ts'),
    import('../../runner/library.ts'),
  ]);
  return exportMarkdown(plan, await assetsFolder(path));
}

/** An earlier export is replaced; a lab begins otherwise, and so does what somebody else has written. */
function outputFile(path: string, { format }: ExportFlags, io: Surroundings): OutputFile {
  const start = format === 'bash' ? '#!' : '# ';
  return {
    path,
    name: displayPath(path, io.cwd),
    isEarlier: (text) => text.startsWith(start) && text.includes('made by kinesis-labs export'),
    hint: 'Name another file behind --output, or leave it out to print.',
    ...(format === 'bash' ? { mode: 0o755 } : {}),
  };
}
