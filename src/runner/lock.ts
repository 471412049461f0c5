import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import type { LedgerHeader } from './ledger.ts';
import { processRuns, type StateFolder } from './state-folder.ts';

/** What two runs must not have in common at the same time: they would create, check and remove the same resources. */
export type LockedRun = Pick<LedgerHeader, 'lab' | 'target' | 'prefix'>;

/** Holds a lab on a target for this process, until `release`. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a lab on a target. A lock is a file with the id of the process that holds it; that of a process which
 * no longer runs is taken over. Targets that end with their process need none: nobody else has them.
 * @throws {UserError} when another process runs the same lab there.
 */
export function lockRun(folder: StateFolder, run: LockedRun): Lock {
  if (run.target.endsWithProcess !== undefined) return { release: () => undefined };
  const file = lockFile(folder, run);
  mkdirSync(join(folder.path, 'locks'), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(file)) return { release: () => rmSync(file, { force: true }) };
    const holder = holderOf(file);
    if (holder !== undefined && processRuns(holder)) throw locked(run, holder);
    takeAway(file);
  }
  throw locked(run, holderOf(file));
}

/** The process that runs this lab on this target at the moment, if one does. */
export function lockHolder(folder: StateFolder, run: LockedRun): number | undefined {
  const holder = holderOf(lockFile(folder, run));
  return holder !== undefined && processRuns(holder) ? holder : undefined;
}

function lockFile(folder: StateFolder, { lab, target, prefix }: LockedRun): string {
  const what = JSON.stringify([lab.id, prefix, target.endpoint ?? 'aws', target.account, target.region]);
  return join(folder.path, 'locks', `${createHash('sha256').update(what).digest('hex').slice(0, 32)}.lock`);
}

/** Makes the lock, with what it says in it from the first moment on. @returns false when there is one already. */
function create(file: string): boolean {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${process.pid}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves a stale lock aside. Where somebody was quicker and the lock is now theirs, it is put back. */
function takeAway(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = holderOf(aside);
  if (holder !== undefined && processRuns(holder)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

function locked(run: LockedRun, holder: number | undefined): UserError {
  const who = holder === undefined ? 'Another process' : `Process ${holder}`;
  return new UserError(`${who} is running lab ${run.lab.id} on ${run.target.label} at the moment.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'Wait until it has ended, or use other names with --prefix.',
  });
}
