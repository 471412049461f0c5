import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../util/user-error.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs the user's shell in this terminal until they leave it. `environment` is put over what is there; `undefined` takes away.
 * @throws {UserError} when the shell cannot be started.
 */
export async function openShell(environment: Surroundings['env'], io: Surroundings): Promise<void> {
  const shell = process.platform === 'win32' ? io.env['ComSpec'] || 'cmd.exe' : io.env['SHELL'] || '/bin/sh';
  const merged = Object.entries({ ...io.env, ...environment }).filter(([, value]) => value !== undefined);
  const child = spawn(shell, { cwd: io.cwd, stdio: 'inherit', env: Object.fromEntries(merged) });
  try {
    await once(child, 'close');
  } catch (cause) {
    throw new UserError(`The shell ${shell} could not be started.`, { hint: 'The variable SHELL names the shell to use.', cause });
  }
}
