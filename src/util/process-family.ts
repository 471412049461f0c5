import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wallSleep } from 'node:timers/promises';

/** Processes that belong together. */
export interface ProcessFamily {
  /** The leaders of their process groups, as far as they are known. */
  readonly leaders: readonly number[];
  /** A text that no other process has in its environment; children get it from their parents. */
  readonly mark: string;
}

// What begins while others are ended is found by the next look. A family that grows faster than this is not ended.
const mostLooks = 20;

/**
 * Ends a family: the process groups of the leaders, and what has made itself independent of them (`setsid`, daemons). Such a one is
 * found on Linux by the mark in its environment, and everywhere as a descendant of one that is found, while its parents live. What
 * has both left its parents and dropped its environment is not found; nor is, on other systems than Linux, what has left its parents.
 */
export async function endFamily({ leaders, mark }: ProcessFamily): Promise<void> {
  // What is stopped starts nothing while it is looked at.
  for (const leader of leaders) send(-leader, 'SIGSTOP');
  let expected: ReadonlySet<number> = new Set(leaders);
  for (let look = 0; look < mostLooks; look++) {
    const members = withRelatives([...expected, ...markedBy(mark)]);
    for (const leader of look === 0 ? leaders : []) send(-leader, 'SIGKILL');
    for (const pid of members) send(pid, 'SIGKILL');
    // Whoever was not stopped may have started something meanwhile.
    if (members.every((pid) => expected.has(pid))) return;
    expected = new Set();
    await wallSleep(look);
  }
}

/** @param pid of a process; negative, of a group */
function send(pid: number, signal: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}

interface Relation {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Processes, with those of the groups that they lead and whatever descends from any of these. */
function withRelatives(pids: readonly number[]): readonly number[] {
  if (pids.length === 0) return [];
  const members = new Set(pids);
  const relations = process.platform === 'linux' ? relationsByProc() : relationsByPs();
  for (let before = 0; before < members.size; ) {
    before = members.size;
    for (const { pid, parent, group } of relations) if (members.has(parent) || members.has(group)) members.add(pid);
  }
  return [...members];
}

function relationsByProc(): readonly Relation[] {
  return processIds().map((pid) => {
    // The name of the program is in brackets and may hold anything; state, parent and group follow it (proc_pid_stat(5)).
    const text = read(`/proc/${pid}/stat`)?.toString('latin1') ?? '';
    const [, parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(parent), group: Number(group) };
  });
}

function relationsByPs(): readonly Relation[] {
  try {
    const printed = execFileSync('/bin/ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid='], { encoding: 'utf8', timeout: 5_000 });
    return [...printed.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent, group]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
    }));
  } catch {
    return [];
  }
}

/** The processes of this user that have a text in their environment; none where the system does not show it. */
function markedBy(mark: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return processIds().filter((pid) => pid !== process.pid && (read(`/proc/${pid}/environ`)?.includes(mark) ?? false));
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return undefined;
  }
}
