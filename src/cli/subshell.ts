import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../util/user-error.ts';
import type { Surroundings } from './surroundings.ts';

// A shell that was told that its terminal is gone has so long to tell its own programs.
const partingMs = 2_000;

/**
 * Runs the user's shell in this terminal until they leave it, or `signal` says that it is over: then it is told what a
 * terminal tells its shell when it goes, which interactive shells heed and pass on (SIGTERM they ignore).
 * `environment` is put over what is there; `undefined` takes away.
 * @throws {UserError} when the shell cannot be started.
 */
export async function openShell(environment: Surroundings['env'], io: Surroundings, signal: AbortSignal): Promise<void> {
  const shell = process.platform === 'win32' ? io.env['ComSpec'] || 'cmd.exe' : io.env['SHELL'] || '/bin/sh';
  const merged = Object.entries({ ...io.env, ...environment }).filter(([, value]) => value !== undefined);
  const child = spawn(shell, { cwd: io.cwd, stdio: 'inherit', env: Object.fromEntries(merged) });
  let parting: NodeJS.Timeout | undefined;
  const hangUp = (): void => {
    child.kill('SIGHUP');
    parting = setTimeout(() => child.kill('SIGKILL'), partingMs);
  };
  if (signal.aborted) hangUp();
  else signal.addEventListener('abort', hangUp);
  try {
    await once(child, 'close');
  } catch (cause) {
    throw new UserError(`The shell ${shell} could not be started.`, { hint: 'The variable SHELL names the shell to use.', cause });
  } finally {
    clearTimeout(parting);
    signal.removeEventListener('abort', hangUp);
  }
}
