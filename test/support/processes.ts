import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { patience } from './patience.ts';

/** One letter, as `ps` has it: `T` is stopped, `Z` has ended and nobody has asked how; empty when there is no such process. */
export function processState(pid: number): string {
  return spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .charAt(0);
}

export function isAlive(pid: number): boolean {
  return !['', 'Z'].includes(processState(pid));
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries === 500) throw new Error('It did not come about within five seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until no process of that id is there any more. */
export async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid));
}

/**
 * A program for `sh` that starts one process for each way of getting away from whoever started it, and writes down which
 * (`<way> <pid>`) in the file that it is given: a child, one in a session of its own, one whose parent has ended, both at once,
 * and one that has dropped its environment. Then it waits. Each of them would live for ten minutes.
 */
export const fugitives = `
  note() { echo "$1 $2" >> "$0"; }
  sleep 600 & note child $!
  setsid sleep 600 & note session $!
  (sleep 600 & note orphan $!)
  (setsid sleep 600 & note daemon $!)
  env -i /usr/bin/setsid /bin/sleep 600 & note bare $!
  note all $$
  wait`;

/** Who has got away, by the way that it took: once they have all begun. */
export async function fugitivesOf(file: string): Promise<Readonly<Record<string, number>>> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('all'));
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const pids = Object.fromEntries(lines.map((line) => line.split(' ')).map(([way = '', pid]) => [way, Number(pid)]));
  expect(Object.keys(pids)).toEqual(['child', 'session', 'orphan', 'daemon', 'bare', 'all']);
  return pids;
}

/** Waits until none of them lives. @throws with the ways of those who do. */
export async function caught(pids: Readonly<Record<string, number>>): Promise<void> {
  const atLarge = () => Object.keys(pids).filter((way) => isAlive(pids[way] ?? 0));
  await expect.poll(atLarge, patience).toEqual([]);
}
