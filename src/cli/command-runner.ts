import { cp } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Command, CommandResult, RunCommand } from '../steps/command.ts';
import { ExitCode } from '../util/exit-code.ts';
import { printable } from '../util/printable.ts';
import { PrivateFolder } from '../util/private-folder.ts';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

// More of what a command prints is not kept.
const mostOutputBytes = 1_000_000;

/** Runs commands with the environment in which AWS programs reach the target. Loads zx when the first one is run. */
export function createCommandRunner({ environment }: Pick<OpenTarget, 'environment'>, io: Pick<Surroundings, 'env'>): RunCommand {
  return async (command, signal) => {
    signal.throwIfAborted();
    const folder = await PrivateFolder.create();
    try {
      if (command.files !== undefined) await cp(command.files, folder.path, { recursive: true });
      // A pager would wait for somebody to press a key. By the folder, whatever the command has started is found and ended.
      const all = { ...io.env, ...environment, AWS_PAGER: '', ...command.environment, KINESIS_LABS_COMMAND_FOLDER: folder.path };
      const env = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      const { printed, ...result } = await runInGroup(command, folder, env, signal);
      signal.throwIfAborted();
      return { ...result, output: shownOutput(printed) };
    } finally {
      await folder.close();
    }
  };
}

interface Printed extends Omit<CommandResult, 'output'> {
  readonly printed: Uint8Array;
}

/** Runs a script in a process group of its own. What it has left running in the background ends with the folder. */
async function runInGroup(
  { script, timeoutMs }: Command,
  folder: PrivateFolder,
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<Printed> {
  const { $ } = await import('zx/core');
  const chunks: Buffer[] = [];
  const store = { stdout: bounded(chunks), stderr: bounded([]), stdall: bounded([]) };
  const output = { store, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'], nothrow: true, quiet: true, verbose: false };
  const shell = $({ cwd: folder.path, env, ...output, shell: 'bash', prefix: 'set -o pipefail;', detached: true });
  // What Node reads from is a socket, and /dev/stdout cannot be opened where it is one; behind a pipe it can.
  const running = shell`bash -euo pipefail -c ${script} 2>&1 | cat`;
  const { pid: leader } = running;
  if (leader !== undefined) folder.watch(leader);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    void folder.endProcesses();
  };
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const { exitCode, duration, cause } = await running;
    if (leader === undefined) throw noShell(cause);
    // The shell may be the last to be stopped, and have told before how what it ran has ended.
    const code = stopped || exitCode === null ? {} : { exitCode };
    return { ...code, late: stopped, durationMs: duration, printed: Buffer.concat(chunks) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function noShell(cause: unknown): UserError {
  return new UserError('The shell bash could not be started.', {
    exitCode: ExitCode.couldNotRun,
    hint: 'Steps that run commands need bash on the PATH.',
    cause,
  });
}

/** A list that zx collects output in, which takes no more when it is full. */
function bounded(chunks: Buffer[]): Buffer[] {
  let size = 0;
  return Object.assign(chunks, {
    push(...added: Buffer[]) {
      for (const chunk of added) {
        if (size < mostOutputBytes) chunks[chunks.length] = chunk;
        size += chunk.length;
      }
      return chunks.length;
    },
  });
}

/** Text that can be shown: nothing in it acts on the terminal, or lets anybody in. */
function shownOutput(bytes: Uint8Array): string {
  return printable(masked(stripVTControlCharacters(new TextDecoder().decode(bytes)).replace(/\r\n?/g, '\n')));
}
