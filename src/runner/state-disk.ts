import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

/** Makes a folder that only this user can look into. With `lasting`, it survives a power cut. */
export function makeFolder(path: string, lasting: boolean): void {
  if (existsSync(path)) return;
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (!lasting || first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    syncFolder(dirname(folder));
    if (folder === first || dirname(folder) === folder) return;
  }
}

/** File systems that cannot sync a folder say so with one of these; they have other ways to keep it. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'EBADF']);

/** A new file or folder survives a power cut only once the folder that it is in is on the disk too (fsync(2)). */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!cannotSync.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EFBIG: 'files may not become that large',
  EIO: 'the disk does not work',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ENOENT: 'it is gone',
};

/** Why something cannot be written, in words for a person, as the operating system sees it. */
export function diskTrouble({ code = '', message }: NodeJS.ErrnoException): string {
  return reasons[code] ?? message;
}

/** What the operating system says about the state folder, in words for a person; other errors stay as they are. */
export function unwritable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  if ((error as NodeJS.ErrnoException).code === undefined) return error;
  return new UserError(`What runs create cannot be written down in ${file}: ${diskTrouble(error)}.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'Nothing is created or removed that cannot be written down. Make room there, or name another folder in the environment variable KINESIS_LABS_HOME, with a copy of this one if it knows of something that is alive.',
    cause: error,
  });
}
