import { printDiagnostics } from '../../runner/diagnostic-printer.ts';
import { findLab, listLabs, packageLabs, readLab } from '../../runner/library.ts';
import { lint as lintText } from '../../runner/lint.ts';
import { stepKinds } from '../../steps/registry.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { counted, createPaint } from '../../util/text.ts';
import type { OutputFlags } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';

/** Checks lab files, and says everything that is wrong with them at once. */
export async function lint(files: readonly string[], flags: OutputFlags, io: Surroundings): Promise<ExitCode> {
  const paths =
    files.length > 0
      ? await Promise.all(files.map((file) => findLab(file, io.cwd)))
      : (await listLabs(packageLabs)).map((entry) => entry.path);
  const texts = await Promise.all(paths.map((path) => readLab(path, io.cwd)));
  const found = await Promise.all(texts.map(({ file, text, assets }) => lintText(file, text, { kinds: stepKinds, assets })));
  const diagnostics = found.flat();
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (flags.json) {
    io.out(`${jsonText(diagnostics, 2)}\n`);
  } else {
    io.out(printDiagnostics(diagnostics, new Map(texts.map(({ file, text }) => [file, text])), { colour: io.colour }));
    const paint = createPaint(io.colour);
    const verdict = errors > 0 ? paint('red', counted(errors, 'error')) : paint('green', 'no errors');
    const warnings = diagnostics.length - errors;
    const also = warnings > 0 ? `, ${paint('yellow', counted(warnings, 'warning'))}` : '';
    if (!flags.quiet || errors > 0) io.out(`${diagnostics.length > 0 ? '\n' : ''}${counted(texts.length, 'lab')}: ${verdict}${also}.\n`);
  }
  return errors > 0 ? ExitCode.usage : ExitCode.ok;
}
