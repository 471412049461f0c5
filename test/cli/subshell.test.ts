import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShell } from '../../src/cli/subshell.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { temporaryFolder } from '../support/cli.ts';

/** What a program finds whose shell is this script. */
function withShell(script: string): Surroundings {
  const folder = temporaryFolder();
  const shell = join(folder, 'shell');
  writeFileSync(shell, `#!/bin/sh\n${script}\n`);
  chmodSync(shell, 0o755);
  const ignore = () => undefined;
  const env = { PATH: '/usr/bin:/bin', SHELL: shell };
  return { env, cwd: folder, interactive: true, colour: false, width: 80, out: ignore, err: ignore, reveal: ignore };
}

describe('the shell that a learner works in', () => {
  it('is over when they leave it', async () => {
    await openShell({}, withShell('exit 3'), new AbortController().signal);
  });

  it.each([
    ['hears that its terminal is gone', 'exec sleep 60'],
    ['does not want to hear it', "trap '' HUP TERM\nwhile :; do sleep 0.1; done"],
  ])('ends with the program, also one that %s', async (_which, script) => {
    const over = new AbortController();
    const begun = performance.now();
    const shell = openShell({}, withShell(script), over.signal);
    over.abort();
    await shell;
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('says which one could not be started', async () => {
    const io = { ...withShell(''), env: { SHELL: '/nowhere/shell' } };
    await expect(openShell({}, io, new AbortController().signal)).rejects.toThrow('The shell /nowhere/shell could not be started.');
  });
});
