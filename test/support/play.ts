import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { mainFile, scrubbedEnvironment } from './cli.ts';

const player = fileURLToPath(new URL('./terminal.py', import.meta.url));

const python = findPython();

/** Whether somebody can be played who sits at a terminal. */
export const canPlay: boolean = python !== undefined;

/** The python3 of this machine, if it knows pseudo-terminals. */
function findPython(): string | undefined {
  try {
    return execFileSync('python3', ['-c', 'import pty, sys; print(sys.executable)'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

export const enter = '\r';
export const down = '\u001b[B';
export const up = '\u001b[A';
export const ctrlC = '\u0003';

/** The last choice of the first question, and of one that is asked again: they are shown whole once this is there. */
export const asked = 'Leave';

/** Chooses the last choice. */
export const leave = `${up}${enter}`;

export interface Played {
  readonly code: number;
  /** What the terminal showed, without colours and cursor movements. */
  readonly shown: string;
}

/**
 * Plays `start` in a pseudo-terminal: each time the first text is shown, the second is typed; `null` closes the terminal, and
 * a number is that of a signal that the program gets.
 */
export function play(
  home: string,
  args: readonly string[],
  script: readonly (readonly [string, string | number | null])[],
  more: Readonly<Record<string, string>> = {},
): Promise<Played> {
  const env = { ...scrubbedEnvironment(home), TERM: 'xterm-256color', SHELL: '/bin/sh', ...more };
  return new Promise((resolve, reject) => {
    const command = [player, JSON.stringify(script), process.execPath, mainFile, 'start', ...args];
    execFile(python ?? 'python3', command, { cwd: home, env }, (error, stdout, stderr) => {
      const shown = stripVTControlCharacters(stdout).replaceAll('\r', '');
      if (stderr !== '') reject(new Error(`${stderr}${shown}`));
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, shown });
    });
  });
}
