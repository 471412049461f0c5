import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWritable, type OutputFile, writeWhole } from '../../src/cli/output-file.ts';
import { openReports } from '../../src/cli/reports.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { jsonDocument } from '../../src/runner/reporters/json.ts';
import { junit } from '../../src/runner/reporters/junit.ts';
import { UserError } from '../../src/util/user-error.ts';
import { cli, temporaryFolder } from '../support/cli.ts';

function output(path: string): OutputFile {
  return { path, name: 'out.txt', isEarlier: (text) => text.startsWith('mine'), hint: 'Name another file.' };
}

function refusal(work: () => void): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a file that is written', () => {
  it('is new, replaces an empty one, or an earlier one of its kind, and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.txt');
    writeWhole(output(path), '');
    writeWhole(output(path), 'mine, the first');
    writeWhole({ ...output(path), mode: 0o755 }, 'mine, the second');
    expect(readFileSync(path, 'utf8')).toBe('mine, the second');
    expect(lstatSync(path).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('does not change another name of the file that it replaces', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'other.txt'), 'mine, with two names');
    linkSync(join(folder, 'other.txt'), join(folder, 'out.txt'));
    writeWhole(output(join(folder, 'out.txt')), 'mine, new');
    expect(readFileSync(join(folder, 'other.txt'), 'utf8')).toBe('mine, with two names');
  });

  it('never takes the place of what somebody else has written', () => {
    const path = join(temporaryFolder(), 'out.txt');
    writeFileSync(path, 'the work of a year');
    for (const attempt of [() => checkWritable(output(path)), () => writeWhole(output(path), 'mine')]) {
      expect(refusal(attempt)).toMatchObject({
        message: 'out.txt cannot be written: there is another file of that name, which would be lost.',
        hint: 'Name another file.',
        exitCode: 2,
      });
    }
    expect(readFileSync(path, 'utf8')).toBe('the work of a year');
  });

  it('is not written through a link, wherever that leads', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'target.txt'), 'mine');
    symlinkSync('target.txt', join(folder, 'link.txt'));
    symlinkSync('nowhere.txt', join(folder, 'loose.txt'));
    for (const name of ['link.txt', 'loose.txt']) {
      expect(refusal(() => checkWritable(output(join(folder, name)))).message).toBe(
        'out.txt cannot be written: it is a link, which may lead anywhere.',
      );
      expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
    }
    expect(readlinkSync(join(folder, 'link.txt'))).toBe('target.txt');
  });

  it('is no folder, no device and no pipe', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(folder, 'pipe')]);
    expect(refusal(() => checkWritable(output(join(folder, 'folder')))).message).toContain('it is a folder');
    expect(refusal(() => checkWritable(output(join(folder, 'pipe')))).message).toContain('it is no ordinary file');
    expect(refusal(() => checkWritable(output('/dev/null'))).message).toContain('it is no ordinary file');
  });
});

describe('a report', () => {
  const io = (cwd: string) => ({ cwd, env: {} }) as Surroundings;
  const texts = { junit: () => junit([]), json: () => jsonDocument([]) };

  it('replaces that of the run before', () => {
    const home = temporaryFolder();
    const files = { junit: 'reports/out.xml', json: 'reports/out.json' };
    openReports(files, io(home)).write(texts);
    openReports(files, io(home)).write(texts);
    expect(readdirSync(join(home, 'reports')).sort()).toEqual(['out.json', 'out.xml']);
    expect(readFileSync(join(home, 'reports/out.xml'), 'utf8')).toBe(junit([]));
  });

  it('of one format does not replace one of the other', () => {
    const home = temporaryFolder();
    openReports({ junit: 'out' }, io(home)).write(texts);
    expect(refusal(() => openReports({ json: 'out' }, io(home))).message).toContain('there is another file of that name');
  });

  it('has a file of its own, by whatever name', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'reports'));
    symlinkSync('reports', join(home, 'same'));
    for (const json of ['reports/out', './reports/../reports/out', 'same/out']) {
      expect(refusal(() => openReports({ junit: 'reports/out', json }, io(home)))).toMatchObject({ exitCode: 2 });
    }
  });

  it('is refused, before anything runs, where a lab or an asset is', async () => {
    const home = temporaryFolder();
    const lab = '---\nid: "09"\n---\n';
    writeFileSync(join(home, '09-mine.md'), lab);
    writeFileSync(join(home, 'handler.js'), 'exports.handler = async () => {};');
    for (const args of [
      ['test', '09-mine.md', '--report', 'junit=09-mine.md'],
      ['test', '01', '--report', 'json=handler.js'],
      ['test', '01', '--report', 'junit=same.xml,json=./same.xml'],
      ['test', '01', '--report', 'junit=one.xml', '--report', 'junit=two.xml'],
      ['export', '01', '--output', '09-mine.md'],
      ['export', '01', '--output', 'handler.js'],
    ]) {
      const { code, stdout, stderr } = await cli(args, { home });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(
        /^kinesis-labs: (The report )?\S+ (cannot be written: there is another file of that name|reports cannot|names two)/,
      );
    }
    expect(readFileSync(join(home, '09-mine.md'), 'utf8')).toBe(lab);
    expect(readdirSync(home).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('an export', () => {
  it('replaces an earlier one of its format, also one that was made executable', async () => {
    const home = temporaryFolder();
    for (const format of ['bash', 'markdown']) {
      const args = ['export', '02', '--format', format, '--output', `lab.${format}`, '-q'];
      expect(await cli(args, { home })).toEqual({ code: 0, stdout: '', stderr: '' });
      chmodSync(join(home, `lab.${format}`), 0o700);
      expect(await cli(args, { home })).toEqual({ code: 0, stdout: '', stderr: '' });
    }
    expect((await cli(['export', '02', '--output', 'lab.markdown'], { home })).code).toBe(2);
  });
});
