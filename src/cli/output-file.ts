import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

/** A file that the program is told to write, and what may be there already. */
export interface OutputFile {
  /** Absolute. */
  readonly path: string;
  /** Its name in messages, with what it is: `The report out.xml`. */
  readonly name: string;
  /** Whether a file that begins like this is an earlier one of the same kind, and may be written over. */
  isEarlier(beginning: string): boolean;
  /** What to do when it cannot be written. */
  readonly hint: string;
  /** Make the folders that are missing. */
  readonly folders?: boolean;
  readonly mode?: number;
}

/**
 * Makes sure that a file can be written and that nothing is lost by it: there is nothing at its path, an empty file, or an
 * earlier one of its kind, which is what repeating a command replaces. A lab, an asset or anybody's work is none of these;
 * nor is a link, which may lead anywhere, a folder or a device.
 * @throws {UserError} that names the file, and says what is in the way.
 */
export function checkWritable(file: OutputFile): void {
  const { path, folders = false } = file;
  try {
    if (folders) mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
    const obstacle = obstacleAt(file);
    if (obstacle !== undefined) throw new Error(obstacle);
  } catch (cause) {
    throw cannotWrite(file, cause, ExitCode.usage);
  }
}

/**
 * Writes the file so that it is whole at every moment: the old one, or the new one.
 * @throws {UserError} as `checkWritable` does, and when there is no room for it.
 */
export function writeWhole(file: OutputFile, text: string | Iterable<string | Uint8Array>): void {
  checkWritable(file);
  // Nobody can have put a link in its place: what has this name already is not opened.
  const draft = `${file.path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(draft, 'wx');
    try {
      for (const part of typeof text === 'string' ? [text] : text) writeFileSync(descriptor, part);
    } finally {
      closeSync(descriptor);
    }
    if (file.mode !== undefined) chmodSync(draft, file.mode);
    renameSync(draft, file.path);
  } catch (cause) {
    throw cannotWrite(file, cause, ExitCode.couldNotRun);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Writes behind what the file holds, so that it is whole at every moment.
 * @param text is told how many bytes are there already
 * @throws {UserError} as `writeWhole` does
 */
export function addWhole(file: OutputFile, text: (bytes: number) => Iterable<string>): void {
  checkWritable(file);
  const before = existsSync(file.path) ? readFileSync(file.path) : Buffer.alloc(0);
  const between = before.length === 0 ? '' : '\n\n';
  writeWhole(file, [before, between, ...text(before.length + between.length)]);
}

function obstacleAt({ path, isEarlier }: OutputFile): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) return 'it is a link, which may lead anywhere';
  if (found.isDirectory()) return 'it is a folder';
  if (!found.isFile()) return 'it is no ordinary file';
  if (found.size === 0 || isEarlier(beginningOf(path))) return undefined;
  return 'there is another file of that name, which would be lost';
}

function beginningOf(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(4_096);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

/** Why something cannot be written. */
export function cannotWrite({ name, hint }: Pick<OutputFile, 'name' | 'hint'>, cause: unknown, exitCode: ExitCode): UserError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UserError(`${name} cannot be written: ${why}.`, { exitCode, hint, cause });
}
