import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../util/exit-code.ts';
import { isMapping } from '../util/json.ts';
import { identityOf, type ProcessIdentity, processRuns } from '../util/process-identity.ts';
import { UserError } from '../util/user-error.ts';
import type { LedgerHeader } from './ledger-text.ts';
import { makeFolder, unwritable } from './state-disk.ts';
import type { StateFolder } from './state-folder.ts';

/** What two runs must not have in common at the same time: they would create, check and remove the same resources. */
export type LockedRun = Pick<LedgerHeader, 'lab' | 'target' | 'prefix'>;

/** Holds a lab on a target for this process, until `release`. */
export interface Lock {
  release(): void;
}

/** The process that holds a lock. */
export interface LockHolder extends ProcessIdentity {
  /** The machine that it runs on; a state folder can be on a disk that several machines share. */
  readonly host: string;
}

/**
 * Takes the lock of a lab on a target. A lock is a file that says which process holds it; that of a process which no longer
 * runs is taken over. Whether one of another machine runs cannot be seen from here, so its lock counts. On a target that
 * ends with its process nobody else has the resources, but the run itself can be gone on with by one process only.
 * @throws {UserError} when another process runs the same lab there, or the lock cannot be written.
 */
export function lockRun(folder: StateFolder, run: LockedRun): Lock {
  const file = lockFile(folder, run);
  try {
    makeFolder(join(folder.path, 'locks'), false);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (create(file)) return { release: () => release(file) };
      const holder = holderOf(file);
      if (holder !== undefined && isHeld(holder)) throw locked(run, holder, file);
      takeAway(file);
    }
  } catch (error) {
    throw unwritable(file, error);
  }
  throw locked(run, holderOf(file), file);
}

/** The process that runs this lab on this target at the moment, if one does. */
export function lockHolder(folder: StateFolder, run: LockedRun): LockHolder | undefined {
  const holder = holderOf(lockFile(folder, run));
  return holder !== undefined && isHeld(holder) ? holder : undefined;
}

/** For people: `Process 1234`, and on which machine, where that is another one. */
export function describeHolder({ pid, host }: LockHolder): string {
  return host === hostname() ? `Process ${pid}` : `Process ${pid} on ${host}`;
}

function lockFile(folder: StateFolder, { lab, target, prefix }: LockedRun): string {
  const what = JSON.stringify([
    lab.id,
    prefix,
    target.endsWithProcess === undefined ? (target.endpoint ?? 'aws') : target.label,
    target.account,
    target.region,
  ]);
  return join(folder.path, 'locks', `${createHash('sha256').update(what).digest('hex').slice(0, 32)}.lock`);
}

/** Makes the lock, with what it says in it from the first moment on. @returns false when there is one already. */
function create(file: string): boolean {
  const draft = `${file}.${process.pid}.new`;
  const holder: LockHolder = { ...identityOf(process.pid), host: hostname() };
  try {
    writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    return link(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Gives a file a second name. @returns false when that is taken. */
function link(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What a lock says; nothing, when there is none, or when the machine went down before it was written. */
function holderOf(file: string): LockHolder | undefined {
  try {
    const said: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isMapping(said) || typeof said['host'] !== 'string') return undefined;
    const { pid, began, host } = said;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return { pid, host, ...(typeof began === 'string' ? { began } : {}) };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isHeld(holder: LockHolder): boolean {
  return holder.host !== hostname() || processRuns(holder);
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
  if (holder !== undefined && isHeld(holder)) link(aside, file);
  rmSync(aside, { force: true });
}

/** Only what is still this process's own. */
function release(file: string): void {
  const holder = holderOf(file);
  if (holder?.pid === process.pid && holder.host === hostname()) rmSync(file, { force: true });
}

function locked(run: LockedRun, holder: LockHolder | undefined, file: string): UserError {
  const who = holder === undefined ? 'Another process' : describeHolder(holder);
  const elsewhere = holder !== undefined && holder.host !== hostname();
  return new UserError(`${who} is running lab ${run.lab.id} on ${run.target.label} at the moment.`, {
    exitCode: ExitCode.couldNotRun,
    hint: `Go on in its terminal, wait until it has ended, or begin a run with other names: --prefix.${elsewhere ? ` If ${holder.host} is gone, delete ${file}.` : ''}`,
  });
}
