import { chmod, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { displayPath, findLab } from '../../runner/library.ts';
import type { Plan } from '../../runner/plan.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { legibleLine } from '../../util/printable.ts';
import { UserError } from '../../util/user-error.ts';
import { loadPlan } from '../lab.ts';
import type { LabFlags, OutputFlags } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ExportFlags extends LabFlags, OutputFlags {
  readonly format: 'bash' | 'markdown';
  readonly output?: string;
}

/** Writes a lab as something that can be used without this program: a script, or a tutorial. */
export async function exportLab(lab: string, flags: ExportFlags, io: Surroundings): Promise<ExitCode> {
  const path = await findLab(lab, io.cwd);
  const plan = await loadPlan(path, flags, io);
  const text = await exported(plan, flags, path);
  if (flags.output === undefined) io.out(text);
  else await write(resolve(io.cwd, flags.output), text, flags, io);
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

async function write(file: string, text: string, { format, quiet }: ExportFlags, io: Surroundings): Promise<void> {
  const name = displayPath(file, io.cwd);
  try {
    await writeFile(file, text);
    if (format === 'bash') await chmod(file, 0o755);
  } catch (cause) {
    throw new UserError(`${name} cannot be written: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (!quiet) io.out(`${legibleLine(name)} is written.\n`);
}
