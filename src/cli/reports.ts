import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { ReportFiles } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Report files that are known to be writable. */
export interface Reports {
  /** Writes all of them. Each file is whole at every moment: the old one, or the new one. */
  write(texts: ReportTexts): void;
}

/** What stands in place of a secret must not be taken for an element. */
const forFormat: Readonly<Record<keyof ReportFiles, (text: string) => string>> = {
  junit: (text) => text.replace(/<(hidden|signed URL)>/g, '&lt;$1&gt;'),
  json: (text) => text,
};

/** What each report says; only those that are wanted are made. */
export type ReportTexts = { readonly [Format in keyof Required<ReportFiles>]: () => string };

/**
 * Makes sure, before anything runs, that the reports can be written; folders that are missing are made.
 * @throws {UserError} that names the file which cannot be written, and why.
 */
export function openReports(files: ReportFiles, io: Surroundings): Reports {
  const wanted = Object.entries(files).map(([format, file]) => ({
    format: format as keyof ReportFiles,
    path: resolve(io.cwd, String(file)),
  }));
  for (const { path } of wanted) checkWritable(path);
  return {
    write(texts) {
      for (const { format, path } of wanted) writeWhole(path, forFormat[format](masked(texts[format]())));
    },
  };
}

function checkWritable(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`The report ${path} cannot be written: ${why}.`, { hint: 'Name another file behind --report.', cause });
  }
}

function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
