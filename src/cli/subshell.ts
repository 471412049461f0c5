import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PrivateFolder } from '../util/private-folder.ts';
import { UserError } from '../util/user-error.ts';
import type { Surroundings } from './surroundings.ts';

// A shell that was told that its terminal is gone has so long to tell its own programs. What is left of them then is ended.
const partingMs = 2_000;

/**
 * Runs the user's shell in this terminal until they leave it, or `signal` says that it is over: then it is told what a
 * terminal tells its shell when it goes, which interactive shells heed and pass on (SIGTERM they ignore).
 * `environment` is put over what is there; `undefined` takes away.
 * @throws {UserError} when the shell cannot be started.
 */
export async function openShell(environment: Surroundings['env'], io: Surroundings, signal: AbortSignal): Promise<void> {
  // It is there for its guard, which ends the shell also when this program is killed: what the shell talks to is gone then.
  const folder = await PrivateFolder.create();
  try {
    await runShell(environment, io, signal, folder);
  } finally {
    await folder.close();
  }
}

async function runShell(environment: Surroundings['env'], io: Surroundings, signal: AbortSignal, folder: PrivateFolder): Promise<void> {
  const shell = process.platform === 'win32' ? io.env['ComSpec'] || 'cmd.exe' : io.env['SHELL'] || '/bin/sh';
  const merged = Object.entries({ ...io.env, ...environment }).filter(([, value]) => value !== undefined);
  const child = spawn(shell, { cwd: io.cwd, stdio: 'inherit', env: Object.fromEntries(merged) });
  const { pid } = child;
  if (pid !== undefined) folder.watch(pid, 'hung-up');
  let parting: NodeJS.Timeout | undefined;
  const hangUp = (): void => {
    child.kill('SIGHUP');
    parting = setTimeout(() => void folder.endProcesses(), partingMs);
  };
  if (signal.aborted) hangUp();
  else signal.addEventListener('abort', hangUp);
  try {
    await once(child, 'close');
  } catch (cause) {
    throw new UserError(`The shell ${shell} could not be started.`, { hint: 'The variable SHELL names the shell to use.', cause });
  } finally {
    clearTimeout(parting);
    if (pid !== undefined) folder.unwatch(pid);
    signal.removeEventListener('abort', hangUp);
  }
}
