import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Prompter } from '../../src/cli/prompter.ts';
import { allowCommands } from '../../src/cli/shell-consent.ts';
import { packageLabs } from '../../src/runner/library.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { planOf } from '../support/stream-lab.ts';

describe('a lab file that runs commands, with nobody to ask', () => {
  it.each([['start', '--yes'], ['test']])('is not begun by %s', async (command, ...flags) => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await cli([command, writeLab(home, ['stream', 'command']), ...flags], { home });
    expect(stderr).toBe(
      [
        'kinesis-labs: labs/07-streams.md runs 1 command on this machine, and nobody can be asked whether it may.',
        'Read the page (step command), and add --allow-shell if you trust it.',
        '',
      ].join('\n'),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(home, 'ran'))).toBe(false);
  });

  it('is done when the command line allows it', async () => {
    const home = temporaryFolder();
    const { code, stdout } = await cli(['test', writeLab(home, ['command']), '--allow-shell'], { home });
    expect(stdout).toContain('    echo ran | tee "$HOME/ran"\n');
    expect(stdout).toContain('    ran\n  ✓ exit code: 0\n');
    expect(code).toBe(0);
    expect(existsSync(join(home, 'ran'))).toBe(true);
  });
});

describe('a lab that comes with the program', () => {
  it('runs its commands without being asked about', async () => {
    const nobody = (): never => {
      throw new Error('Nobody is to be asked.');
    };
    const prompter: Prompter = { choose: nobody, confirm: nobody, input: nobody };
    const plan = planOf([{ id: 'orders', with: { name: 'orders' } }]);
    const withCommand = { ...plan, steps: plan.steps.map((step) => ({ ...step, script: 'true' })) };
    const io = { env: {}, cwd: '/', interactive: false, colour: false, width: 80, out: nobody, err: nobody, reveal: nobody };
    const ask = { prompter, signal: new AbortController().signal };
    const [lab = ''] = readdirSync(packageLabs);
    await allowCommands(withCommand, join(packageLabs, lab), {}, io, ask);
    const home = temporaryFolder();
    const own = join(home, writeLab(home, ['stream']));
    await expect(allowCommands(withCommand, own, {}, io, ask)).rejects.toMatchObject({ exitCode: 2 });
  });
});
