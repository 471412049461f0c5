import { accessSync, constants, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ReportPart } from '../runner/reporters/verification-gradescope.ts';
import { mostSummaryBytes } from '../runner/reporters/verification-markdown.ts';
import { ExitCode } from '../util/exit-code.ts';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { ReportFiles, ReportFormat } from './options.ts';
import { addWhole, cannotWrite, checkWritable, type OutputFile, writeWhole } from './output-file.ts';
import type { Surroundings } from './surroundings.ts';

/** Report files that are known to be writable. */
export interface Reports<Wanted extends ReportFormat> {
  /**
   * Writes all of them. Each file is whole at every moment: the old one, or the new one. One that cannot be written keeps no
   * other from being written.
   */
  write(texts: ReportTexts<Wanted>): void;
}

interface Format {
  /** Puts what stands in place of a secret so that it is not taken for an element. */
  readonly finish: (text: string) => string;
  /** How the reports of this format begin. */
  readonly beginning: RegExp;
}

const asIs = (text: string): string => text;
const withoutElements = (text: string): string => text.replace(/<(hidden|signed URL)>/g, '&lt;$1&gt;');

const formats: Readonly<Record<ReportFormat, Format>> = {
  junit: { finish: withoutElements, beginning: /^<\?xml [^>]*>\s*<testsuites name="kinesis-labs"/ },
  json: { finish: asIs, beginning: /^\{\s*"format": \d+,\s*"(?:runs|proofs|verification)": [[{]/ },
  csv: { finish: asIs, beginning: /^\uFEFF?student,/ },
  html: { finish: withoutElements, beginning: /^<!DOCTYPE html>\s(?:<[^>]*>\s){2,3}<meta name="generator" content="kinesis-labs verify">/ },
  markdown: { finish: withoutElements, beginning: /^<!-- kinesis-labs verify -->/ },
  gradescope: { finish: asIs, beginning: /^\{"extra_data":\{"made_by":"kinesis-labs verify"/ },
};

interface AllTexts {
  readonly junit: () => ReportText;
  readonly json: () => ReportText;
  readonly csv: () => ReportText;
  readonly html: () => ReportText;
  /** Is told how many bytes it may have, where there is a limit. */
  readonly markdown: (mostBytes?: number) => Iterable<string>;
  /** Files of a folder. */
  readonly gradescope: () => Iterable<ReportPart>;
}

/** In one piece or in several. */
type ReportText = string | Iterable<string>;

/** What each report says; only those that are wanted are made. */
export type ReportTexts<Wanted extends ReportFormat> = Pick<AllTexts, Wanted>;

/** Where a report goes. */
interface Place {
  readonly path: string;
  /** @throws {UserError} when nothing can be written there. */
  check(): void;
  write(texts: Partial<AllTexts>): void;
}

/**
 * Makes sure, before anything runs, that the reports can be written; folders that are missing are made.
 * @throws {UserError} that names the file which cannot be written, and why.
 */
export function openReports<Wanted extends ReportFormat>(files: ReportFiles<Wanted>, io: Surroundings): Reports<Wanted> {
  const wanted = Object.entries(files).map(([name, file]) => placeOf(name as Wanted, resolve(io.cwd, String(file)), io));
  for (const place of wanted) place.check();
  refuseSame(wanted.map(({ path }) => path));
  return {
    write: (texts) => all(wanted, (place) => place.write(texts)),
  };
}

function placeOf(format: ReportFormat, path: string, io: Surroundings): Place {
  if (format === 'gradescope') return folderPlace(path);
  const file = reportFile(format, path);
  // Several commands of a step in GitHub Actions add to its summary, which is a file that is there before the first of them.
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (format === 'markdown' && summary !== undefined && resolve(io.cwd, summary) === path) {
    const summaryFile = { ...file, isEarlier: () => true };
    return {
      path,
      check: () => checkWritable(summaryFile),
      write: ({ markdown }) => addWhole(summaryFile, (bytes) => finished(format, markdown?.(mostSummaryBytes - bytes) ?? [])),
    };
  }
  return {
    path,
    check: () => checkWritable(file),
    write: (texts) => writeWhole(file, finished(format, texts[format]?.() ?? [])),
  };
}

function* finished(format: ReportFormat, text: ReportText): Generator<string> {
  for (const part of typeof text === 'string' ? [text] : text) yield formats[format].finish(masked(part));
}

const hint = 'Name another file behind --report, or take away what is there.';

function reportFile(format: ReportFormat, path: string): OutputFile {
  return { path, name: `The report ${path}`, isEarlier: (text) => formats[format].beginning.test(text), hint, folders: true };
}

/** A folder that holds a folder for each student. What else is in it stays. */
function folderPlace(path: string): Place {
  const check = (folder: string): void => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const found = lstatSync(folder, { throwIfNoEntry: false });
      if (found === undefined) mkdirSync(folder);
      else if (found.isSymbolicLink()) throw new Error('it is a link, which may lead anywhere');
      else if (!found.isDirectory()) throw new Error('it is no folder');
      accessSync(folder, constants.W_OK);
    } catch (cause) {
      throw cannotWrite({ name: `The folder ${folder}`, hint }, cause, ExitCode.usage);
    }
  };
  return {
    path,
    check: () => check(path),
    write: ({ gradescope }) =>
      all(gradescope?.() ?? [], (part) => {
        const file = join(path, part.path);
        check(dirname(file));
        writeWhole(reportFile('gradescope', file), finished('gradescope', part.text));
      }),
  };
}

/** Does all of it, whatever becomes of some. @throws what went wrong first, with how much else did. */
function all<Item>(items: Iterable<Item>, work: (item: Item) => void): void {
  let first: unknown;
  let failed = 0;
  for (const item of items) {
    try {
      work(item);
    } catch (error) {
      if (failed === 0) first = error;
      failed += 1;
    }
  }
  if (failed > 1 && first instanceof UserError) {
    const { exitCode, hint, message } = first;
    throw new UserError(`${message} ${failed - 1} more could not be written either.`, { exitCode, ...(hint && { hint }), cause: first });
  }
  if (failed > 0) throw first;
}

/** @throws {UserError} when one report would be written over another, also where a folder has two names. */
function refuseSame(paths: readonly string[]): void {
  const real = paths.map((path) => join(realpathSync(dirname(path)), basename(path)));
  const twice = paths.find((_, index) => real.indexOf(real[index] ?? '') !== index);
  if (twice === undefined) return;
  throw new UserError(`Two reports cannot be written to one file, ${twice}.`, { hint: 'Name a file of its own for each format.' });
}
