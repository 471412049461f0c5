import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process of this machine, told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever way the system tells; absent where the system does not. Only good for being compared. */
  readonly began?: string;
}

/** The identity of a process that runs, by its id. */
export function identityOf(pid: number): ProcessIdentity {
  const began = beginningOf(pid);
  return began === undefined ? { pid } : { pid, began };
}

/** Whether that very process still runs. */
export function processRuns({ pid, began }: ProcessIdentity): boolean {
  if (!isAlive(pid)) return false;
  const now = beginningOf(pid);
  return began === undefined || now === undefined || now === began;
}

function isAlive(pid: number): boolean {
  if (statusOf(pid)?.state === 'Z') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function beginningOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const ticks = statusOf(pid)?.began;
    // Ticks are counted from the start of the machine, and process ids begin anew with it as well.
    return ticks === undefined ? undefined : `${textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? ''} ${ticks}`;
  }
  if (process.platform === 'win32') return undefined;
  try {
    const printed = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C' },
      encoding: 'utf8',
      timeout: 5_000,
    });
    return printed.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** What Linux says about a process: its state, where `Z` is one that has ended and was not yet asked for, and when it began. */
function statusOf(pid: number): { readonly state: string; readonly began: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  const text = textOf(`/proc/${pid}/stat`);
  // The second field is the name of the program, in brackets, and may hold anything (proc_pid_stat(5)).
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, began] = [fields?.[0], fields?.[19]];
  return state === undefined || began === undefined ? undefined : { state, began };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
