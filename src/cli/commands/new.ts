import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { assetsFolder, displayPath, listLabs, packageLabs } from '../../runner/library.ts';
import { labId, scaffold } from '../../runner/scaffold/scaffold.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { printable } from '../../util/printable.ts';
import { shellWord } from '../../util/shell-word.ts';
import { UserError } from '../../util/user-error.ts';
import type { OutputFlags } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';

export interface NewFlags extends OutputFlags {
  readonly title: string;
  readonly folder: string;
}

/** Writes the files of a lab to begin with. What is there already is not touched. */
export async function newLab(id: string, flags: NewFlags, io: Surroundings): Promise<ExitCode> {
  const labs = join(resolve(io.cwd, flags.folder), 'labs');
  // Where the program will look for them.
  const beside = join(labs, 'assets');
  const assets = (await isThere(beside)) ? beside : join(dirname(labs), 'assets');
  const { page, text, folder, files } = scaffold(id, flags.title, relative(labs, assets).split(sep).join('/'));
  const path = join(labs, page);
  await refuseOthers(labId(id), { labs, page: path, code: join(assets, folder) }, io);
  const written = new Map([[path, text], ...Object.entries(files).map(([name, data]) => [join(assets, folder, name), data] as const)]);
  for (const [file, data] of written) await write(file, data, io);
  if ((await assetsFolder(path)) !== assets) throw new Error(`The assets of ${path} are not looked for in ${assets}.`);
  if (!flags.quiet) io.out(printable(told([...written.keys()], path, io)));
  return ExitCode.ok;
}

/**
 * @throws {UserError} when there is a lab of that id already, here or in the package, or a folder where the code is to go.
 */
async function refuseOthers(
  id: string,
  paths: { readonly labs: string; readonly page: string; readonly code: string },
  io: Surroundings,
): Promise<void> {
  const others = (await readdir(paths.labs).catch(() => [])).filter((name) => name.startsWith(`${id}-`) || name === `${id}.md`);
  const there = others[0] === undefined ? ((await isThere(paths.code)) ? paths.code : undefined) : join(paths.labs, others[0]);
  if (there !== undefined)
    throw new UserError(`There is ${displayPath(there, io.cwd)} already.`, { hint: 'Take another id; nothing was written.' });
  const shipped = (await listLabs(packageLabs)).find((lab) => lab.id === id);
  if (shipped === undefined) return;
  throw new UserError(`Lab ${id} comes with the package: ${shipped.title}.`, {
    hint: 'Take another id, because runs and what they leave on AWS are told apart by it; nothing was written.',
  });
}

async function write(file: string, data: string, io: Surroundings): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data, { flag: 'wx' });
  } catch (cause) {
    throw new UserError(`${displayPath(file, io.cwd)} cannot be written: ${cause instanceof Error ? cause.message : cause}.`, {
      hint: 'Give a folder in which files can be made: --folder FOLDER',
      cause,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function told(files: readonly string[], page: string, io: Surroundings): string {
  const lab = shellWord(displayPath(page, io.cwd));
  const commands = [
    [`kinesis-labs lint ${lab}`, 'says what is wrong with the page'],
    [`kinesis-labs test ${lab}`, 'does it, checks it and takes it down'],
    [`kinesis-labs test --prove ${lab}`, 'shows that its checks notice mistakes'],
    [`kinesis-labs start ${lab}`, 'is what a learner sees'],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    ...files.map((file) => `${displayPath(file, io.cwd)} is written.`),
    '',
    'It is a small lab that works as it is. Write it anew piece by piece:',
    ...commands.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
    '',
  ].join('\n');
}
