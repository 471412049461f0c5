import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { ReportFiles, ReportFormat } from './options.ts';
import { checkWritable, type OutputFile, writeWhole } from './output-file.ts';
import type { Surroundings } from './surroundings.ts';

/** Report files that are known to be writable. */
export interface Reports<Wanted extends ReportFormat> {
  /** Writes all of them. Each file is whole at every moment: the old one, or the new one. */
  write(texts: ReportTexts<Wanted>): void;
}

interface Format {
  /** Puts what stands in place of a secret so that it is not taken for an element. */
  readonly finish: (text: string) => string;
  /** How the reports of this format begin. */
  readonly beginning: RegExp;
}

const formats: Readonly<Record<ReportFormat, Format>> = {
  junit: {
    finish: (text) => text.replace(/<(hidden|signed URL)>/g, '&lt;$1&gt;'),
    beginning: /^<\?xml [^>]*>\s*<testsuites name="kinesis-labs"/,
  },
  json: { finish: (text) => text, beginning: /^\{\s*"format": \d+,\s*"(?:runs|proofs|verification)": [[{]/ },
  csv: { finish: (text) => text, beginning: /^\uFEFF?student,/ },
};

/** What each report says, in one piece or in several; only those that are wanted are made. */
export type ReportTexts<Wanted extends ReportFormat> = { readonly [Name in Wanted]: () => string | Iterable<string> };

/**
 * Makes sure, before anything runs, that the reports can be written; folders that are missing are made.
 * @throws {UserError} that names the file which cannot be written, and why.
 */
export function openReports<Wanted extends ReportFormat>(files: ReportFiles<Wanted>, io: Surroundings): Reports<Wanted> {
  const wanted = Object.entries(files).map(([name, file]) => {
    const format = name as Wanted;
    return { format, file: reportFile(format, resolve(io.cwd, String(file))) };
  });
  for (const { file } of wanted) checkWritable(file);
  refuseSame(wanted.map(({ file }) => file.path));
  return {
    write(texts) {
      for (const { format, file } of wanted) writeWhole(file, finished(format, texts[format]()));
    },
  };
}

function* finished(format: ReportFormat, text: string | Iterable<string>): Generator<string> {
  for (const part of typeof text === 'string' ? [text] : text) yield formats[format].finish(masked(part));
}

function reportFile(format: ReportFormat, path: string): OutputFile {
  const hint = 'Name another file behind --report, or take away what is there.';
  return { path, name: `The report ${path}`, isEarlier: (text) => formats[format].beginning.test(text), hint, folders: true };
}

/** @throws {UserError} when one report would be written over another, also where a folder has two names. */
function refuseSame(paths: readonly string[]): void {
  const real = paths.map((path) => join(realpathSync(dirname(path)), basename(path)));
  const twice = paths.find((_, index) => real.indexOf(real[index] ?? '') !== index);
  if (twice === undefined) return;
  throw new UserError(`Two reports cannot be written to one file, ${twice}.`, { hint: 'Name a file of its own for each format.' });
}
