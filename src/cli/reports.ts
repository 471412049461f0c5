import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { jsonDocument } from '../runner/reporters/json.ts';
import { junit } from '../runner/reporters/junit.ts';
import type { RunRecord } from '../runner/reporters/run-record.ts';
import { UserError } from '../util/user-error.ts';
import type { ReportFiles } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Report files that are known to be writable. */
export interface Reports {
  /** Writes all of them. Each file is whole at every moment: the old one, or the new one. */
  write(runs: readonly RunRecord[]): void;
}

const formats: { readonly [Format in keyof Required<ReportFiles>]: (runs: readonly RunRecord[]) => string } = { junit, json: jsonDocument };

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
    write(runs) {
      for (const { format, path } of wanted) writeWhole(path, formats[format](runs));
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
