import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../util/closest.ts';
import { shown } from '../util/json.ts';
import { readTextFile, type TextFile } from '../util/text-file.ts';
import { UserError } from '../util/user-error.ts';
import { fingerprint, indexedLab, type LabFacts, type LabIndex } from './lab-index.ts';

/** The folder of the labs that come with the program; the same from `src` and from `dist`. */
export const packageLabs: string = fileURLToPath(new URL('../../labs/', import.meta.url));

function labFile(name: string): TextFile {
  // More than any lab has; what has as much in it is refused by its place and not by its size.
  return { name, noun: 'lab', mostBytes: 4_000_000, hint: 'Give the path of a lab file, which ends in .md.' };
}

/** A lab as it is listed: its front matter, without a look at its page. */
export interface LabEntry extends LabFacts {
  /** Absolute. */
  readonly path: string;
  /** Set when the front matter cannot be read; what else there is comes from the file name then. */
  readonly broken?: string;
}

/**
 * The labs of a folder, by file name. Reads front matter only.
 * @throws {UserError} when there is no such folder.
 */
export async function listLabs(folder: string): Promise<readonly LabEntry[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UserError(`The folder ${folder} cannot be read.`, { cause });
  });
  const labs = names.filter((name) => extname(name) === '.md' && name.toLowerCase() !== 'readme.md').sort();
  return Promise.all(labs.map((name) => readEntry(join(folder, name))));
}

async function readEntry(path: string): Promise<LabEntry> {
  const name = basename(path, '.md');
  const fromName = { path, id: /^\d+/.exec(name)?.[0] ?? '', title: name, summary: '', minutes: 0 };
  let text: string;
  try {
    text = readTextFile(path, labFile(basename(path)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...fromName, broken: error.message };
  }
  const known = indexedLab(path, text);
  if (known !== undefined) return { path, ...known };
  const [{ readFrontMatter }, { SourceText }] = await Promise.all([import('./front-matter.ts'), import('./source-text.ts')]);
  const source = new SourceText(path, text);
  const { frontMatter } = readFrontMatter(source);
  if (frontMatter === undefined) return { ...fromName, broken: source.diagnostics[0]?.message ?? 'Its front matter cannot be read.' };
  const { id, title, summary, minutes } = frontMatter;
  return { path, id, title, summary, minutes };
}

/** What the build writes down of the labs of a folder. */
export async function indexLabs(folder: string): Promise<LabIndex> {
  const index: Record<string, LabFacts> = {};
  for (const { path, broken, ...facts } of await listLabs(folder)) {
    if (broken === undefined) index[fingerprint(path, readTextFile(path, labFile(basename(path))))] = facts;
  }
  return index;
}

/**
 * The file of the lab that somebody means: by id (`01`, `1`), by the path of a file of their own, or by a part of the title
 * or file name that only one lab has.
 * @param cwd what relative paths start from.
 * @returns an absolute path.
 * @throws {UserError} that lists the labs, when none or several are meant.
 */
export async function findLab(query: string, cwd: string, folder: string = packageLabs): Promise<string> {
  if (extname(query) === '.md' || query.includes('/') || query.includes(sep)) return ownFile(query, cwd);
  const labs = await listLabs(folder);
  const wanted = query.trim().toLowerCase();
  const exact = labs.filter((lab) => lab.id === wanted.padStart(2, '0') || basename(lab.path, '.md').toLowerCase() === wanted);
  const parts = labs.filter((lab) => wanted !== '' && `${lab.title}\n${basename(lab.path)}`.toLowerCase().includes(wanted));
  const found = exact.length > 0 ? exact : parts;
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.path;
  if (found.length > 1) throw new UserError(`${shown(query)} could mean several labs.`, { hint: listed(found) });
  const near = didYouMean(
    wanted,
    labs.flatMap((lab) => [lab.id, basename(lab.path, '.md').replace(/^\d+-/, '')]),
  );
  throw new UserError(`There is no lab ${shown(query)}.`, {
    hint: [near, labs.length === 0 ? 'There are no labs.' : listed(labs)].filter(Boolean).join('\n'),
  });
}

async function ownFile(query: string, cwd: string): Promise<string> {
  const path = resolve(cwd, query);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR')
      throw new UserError(`${shown(query)} cannot be read: ${cause.message}`, { cause });
    throw new UserError(`There is no file ${shown(query)}.`, {
      hint: 'Give the path of a lab file, or the id of a lab: kinesis-labs list',
    });
  });
  if (!found.isFile()) throw new UserError(`${shown(query)} is not a file.`, { hint: 'Give the path of a lab file, which ends in .md.' });
  return path;
}

function listed(labs: readonly LabEntry[]): string {
  return ['Labs:', ...labs.map((lab) => `  ${lab.id.padEnd(4)}${lab.title}`)].join('\n');
}

/** Where the assets of a lab lie: `assets` beside its file or, as in this package, beside the folder that it is in. */
export async function assetsFolder(labPath: string): Promise<string> {
  const beside = join(dirname(labPath), 'assets');
  const above = join(dirname(dirname(labPath)), 'assets');
  return !(await isFolder(beside)) && (await isFolder(above)) ? above : beside;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** A path as messages show it: relative to the working directory when it lies below that. */
export function displayPath(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere === '' || fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

/** A lab file as `planText` takes it. */
export interface LabText {
  /** Its name in messages. */
  readonly file: string;
  readonly text: string;
  /** The folder that its asset paths start from. */
  readonly assets: string;
}

/** @throws {UserError} when the file cannot be read, is far too large, or is not UTF-8 text. */
export async function readLab(path: string, cwd: string): Promise<LabText> {
  const file = displayPath(path, cwd);
  return { file, text: readTextFile(path, labFile(file)), assets: await assetsFolder(path) };
}
