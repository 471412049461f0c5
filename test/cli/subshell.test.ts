import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openShell } from '../../src/cli/subshell.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { RunningProgram, temporaryFolder } from '../support/cli.ts';
import { gone, isAlive, until } from '../support/processes.ts';

const subshellModule = fileURLToPath(new URL('../../dist/cli/subshell.js', import.meta.url));

/** What a program finds whose shell is this script. */
function withShell(script: string): Surroundings & { readonly env: { readonly SHELL: string } } {
  const folder = temporaryFolder();
  const shell = join(folder, 'shell');
  writeFileSync(shell, `#!/bin/sh\n${script}\n`);
  chmodSync(shell, 0o755);
  const ignore = () => undefined;
  const env = { PATH: '/usr/bin:/bin', SHELL: shell };
  return { env, cwd: folder, interactive: true, colour: false, width: 80, out: ignore, err: ignore, reveal: ignore };
}

/** Shells that run something, by what they do when their terminal goes. Each writes down its id and that of what it runs. */
const shells = {
  'hears that its terminal is gone, and passes it on': `trap 'echo heard > "$0.heard"; kill $!; exit' HUP\nsleep 60 & echo $$ $! > "$0.pids"\nwait`,
  'hears it, and stays': `trap 'echo heard > "$0.heard"' HUP TERM\nsleep 60 & echo $$ $! > "$0.pids"\nwhile :; do wait; done`,
  'cannot hear it': `trap '' HUP TERM\nsleep 60 & echo $$ $! > "$0.pids"\nwhile :; do wait; done`,
};

/** The ids of such a shell and of what it runs, once they are there. */
async function pidsOf(shell: string): Promise<readonly number[]> {
  const file = `${shell}.pids`;
  await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('\n'));
  const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  return pids;
}

describe('the shell that a learner works in', () => {
  it('is over when they leave it', async () => {
    await openShell({}, withShell('exit 3'), new AbortController().signal);
  });

  it.each(Object.entries(shells))('ends with the program, also one that %s, with what it runs', async (which, script) => {
    const io = withShell(script);
    const over = new AbortController();
    const shell = openShell({}, io, over.signal);
    const pids = await pidsOf(io.env.SHELL);
    over.abort();
    await shell;
    for (const pid of pids) await gone(pid);
    expect(existsSync(`${io.env.SHELL}.heard`)).toBe(which !== 'cannot hear it');
  });

  it.each(Object.entries(shells))('ends when the program is killed, also one that %s, with what it runs', async (which, script) => {
    const { env } = withShell(script);
    const io = JSON.stringify({ env, cwd: dirname(env.SHELL) });
    const open = `import(${JSON.stringify(subshellModule)}).then(({ openShell }) => openShell({}, ${io}, new AbortController().signal))`;
    const program = new RunningProgram(process.execPath, ['--input-type=module', '--eval', open], { env: { PATH: '/usr/bin:/bin' } });
    const pids = await pidsOf(env.SHELL);
    program.kill('SIGKILL');
    for (const pid of pids) await gone(pid);
    expect(existsSync(`${env.SHELL}.heard`)).toBe(which !== 'cannot hear it');
  });

  it('says which one could not be started', async () => {
    const io = { ...withShell(''), env: { SHELL: '/nowhere/shell' } };
    await expect(openShell({}, io, new AbortController().signal)).rejects.toThrow('The shell /nowhere/shell could not be started.');
  });
});
