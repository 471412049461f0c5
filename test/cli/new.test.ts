import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, mainFile, scrubbedEnvironment, temporaryFolder } from '../support/cli.ts';
import { run } from '../support/programs.ts';

describe('new', { timeout: 120_000 }, () => {
  it('writes a lab and its code, which lint is quiet about, and which can be done and proved as it is', async () => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await cli(['new', '6', '--title', "Ada's lab"], { home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lab = 'labs/06-ada-s-lab.md';
    expect(stdout).toContain(`${lab} is written.\nassets/06-ada-s-lab/index.js is written.\n`);
    for (const command of ['lint', 'test', 'test --prove', 'start']) expect(stdout).toContain(`  kinesis-labs ${command} ${lab} `);
    expect(await cli(['lint', lab], { home })).toEqual({ code: 0, stdout: '1 lab: no errors.\n', stderr: '' });
    const tested = await cli(['test', lab], { home });
    expect(tested.stdout).toMatch(/Done\. 7 of 7 steps met, 65 of 65 points, .*\nNothing is left behind\.\n$/);
    expect(tested.code).toBe(0);
    const env = scrubbedEnvironment(home);
    const proved = await run(process.execPath, [mainFile, 'test', '--prove', lab], { env, cwd: home });
    expect(proved.stdout).toMatch(/✓ (\d+) of \1 mutations noticed\n/);
    expect(proved.stdout).toContain('Proved.');
    expect(proved.code).toBe(0);
  });

  it('writes into another folder, and puts the code where that folder keeps it', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'course/labs/assets'), { recursive: true });
    expect(await cli(['new', '07', '--folder', 'course', '--quiet'], { home })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(home, 'course/labs/assets/07-a-new-lab/index.js'))).toBe(true);
    expect(readFileSync(join(home, 'course/labs/07-a-new-lab.md'), 'utf8')).toContain('(assets/07-a-new-lab/index.js)');
    expect(await cli(['lint', 'course/labs/07-a-new-lab.md'], { home })).toMatchObject({ code: 0, stdout: '1 lab: no errors.\n' });
  });

  it.each([
    ['a lab of that id, whatever its title', 'labs/06-other.md'],
    ['a folder where the code is to go', 'assets/06-a-new-lab/index.js'],
  ])('never overwrites: %s', async (_, there) => {
    const home = temporaryFolder();
    mkdirSync(join(home, there, '..'), { recursive: true });
    writeFileSync(join(home, there), 'mine');
    const { code, stdout, stderr } = await cli(['new', '06'], { home });
    expect(stderr).toMatch(/^kinesis-labs: There is (labs|assets)\/06-\S+ already\.\nTake another id; nothing was written\.\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readFileSync(join(home, there), 'utf8')).toBe('mine');
    expect(readdirSync(home, { recursive: true }).filter((name) => /\.(md|js)$/.test(String(name)))).toEqual([there]);
  });

  it.each([
    [['new', 'six'], '"six" cannot be the id of a lab.\nAn id has two digits: kinesis-labs new 06\n'],
    [['new'], "missing required argument 'id'"],
    [['new', '1'], 'Lab 01 comes with the package: Hello, Kinesis.\nTake another id,'],
    [['new', '06', '--title', ''], 'The title is empty.'],
    [['new', '06', '--folder', '/dev/null'], '/dev/null/labs/06-a-new-lab.md cannot be written'],
  ])('%j: one message on standard error, exit 2, nothing written', async (args, says) => {
    const home = temporaryFolder();
    const { code, stdout, stderr } = await cli(args, { home });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(home)).toEqual([]);
  });
});
