import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReports } from '../../src/cli/reports.ts';
import { verificationGradescope } from '../../src/runner/reporters/verification-gradescope.ts';
import { verificationHtml } from '../../src/runner/reporters/verification-html.ts';
import { verificationMarkdown } from '../../src/runner/reporters/verification-markdown.ts';
import { UserError } from '../../src/util/user-error.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { listening } from '../support/surroundings.ts';
import { everyState } from '../support/verification.ts';

const texts = {
  gradescope: () => verificationGradescope(everyState()),
  html: () => verificationHtml(everyState()),
  markdown: (most?: number) => verificationMarkdown(everyState(), most),
};

function opened(files: Parameters<typeof openReports<keyof typeof texts>>[0], cwd: string, env: Record<string, string> = {}) {
  return openReports<keyof typeof texts>(files, listening({ cwd, env }).io);
}

function refusal(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a report that is a folder', () => {
  it('takes the place of an earlier one, file by file, and leaves alone what else is there', () => {
    const home = temporaryFolder();
    const files = { gradescope: 'out/marks' };
    opened(files, home).write(texts);
    writeFileSync(join(home, 'out/marks/notes.txt'), 'mine');
    writeFileSync(join(home, 'out/marks/~old'), 'mine');
    opened(files, home).write(texts);
    expect(readdirSync(join(home, 'out/marks'))).toHaveLength(6 + 2);
    expect(readdirSync(join(home, 'out/marks')).every((name) => name === 'notes.txt' || !name.includes('.tmp'))).toBe(true);
    const path = readdirSync(join(home, 'out/marks')).find((name) => name.startsWith('Ben~')) ?? '';
    expect(JSON.parse(readFileSync(join(home, 'out/marks', path, 'results.json'), 'utf8'))).toMatchObject({ score: 15 });
  });

  it('writes over no file that is not its own and follows no link, and writes the rest', () => {
    const home = temporaryFolder();
    opened({ gradescope: 'marks' }, home).write(texts);
    const folder = (name: string) => join(home, 'marks', readdirSync(join(home, 'marks')).find((each) => each.startsWith(name)) ?? '');
    const [ben, emil] = [folder('Ben~'), folder('Emil~')];
    const again = temporaryFolder();
    mkdirSync(join(again, 'marks'));
    mkdirSync(join(again, 'elsewhere'));
    mkdirSync(join(again, 'marks', ben.slice(home.length + 7)));
    writeFileSync(join(again, 'marks', ben.slice(home.length + 7), 'results.json'), '{"score": 100}');
    symlinkSync('../elsewhere', join(again, 'marks', emil.slice(home.length + 7)));
    const message = refusal(() => opened({ gradescope: 'marks', html: 'page.html' }, again).write(texts));
    expect(message).toContain('results.json cannot be written: there is another file of that name, which would be lost.');
    expect(message).toContain('1 more could not be written either.');
    expect(readFileSync(join(again, 'marks', ben.slice(home.length + 7), 'results.json'), 'utf8')).toBe('{"score": 100}');
    expect(readdirSync(join(again, 'elsewhere'))).toEqual([]);
    const written = readdirSync(join(again, 'marks'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('results.json'),
    );
    expect(written).toHaveLength(5);
    // One report that cannot be written keeps no other from being written.
    expect(readFileSync(join(again, 'page.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
  });

  it('is refused before anything runs where a file or a link is', () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'file'), '');
    symlinkSync('.', join(home, 'link'));
    expect(refusal(() => opened({ gradescope: 'file' }, home))).toContain('it is no folder');
    expect(refusal(() => opened({ gradescope: 'link' }, home))).toContain('it is a link, which may lead anywhere');
    expect(lstatSync(join(home, 'link')).isSymbolicLink()).toBe(true);
  });
});

describe('a report in Markdown', () => {
  it('is added to the summary of a step in GitHub Actions, which may hold something already', () => {
    const home = temporaryFolder();
    const path = join(home, 'summary');
    const env = { GITHUB_STEP_SUMMARY: path };
    writeFileSync(path, '# Tests\nAll well\n');
    opened({ markdown: path }, home, env).write(texts);
    opened({ markdown: path }, home, env).write(texts);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^# Tests\nAll well\n\n\n<!-- kinesis-labs verify -->/);
    expect(text.split('<!-- kinesis-labs verify -->')).toHaveLength(3);
    expect(readdirSync(home)).toEqual(['summary']);
  });

  it('has no more than the room that is left in the summary', () => {
    const path = join(temporaryFolder(), 'summary');
    writeFileSync(path, 'x'.repeat(1_048_576 - 5_000));
    opened({ markdown: path }, '/', { GITHUB_STEP_SUMMARY: path }).write(texts);
    expect(lstatSync(path).size).toBeLessThanOrEqual(1_048_576);
    expect(readFileSync(path, 'utf8')).toContain('**Shortened:**');
  });

  it('takes the place of an earlier one elsewhere, and of nothing else', () => {
    const home = temporaryFolder();
    for (const _ of [1, 2]) opened({ markdown: 'out.md' }, home).write(texts);
    expect(readFileSync(join(home, 'out.md'), 'utf8').split('<!-- kinesis-labs verify -->')).toHaveLength(2);
    writeFileSync(join(home, 'README.md'), '# Mine\n');
    expect(refusal(() => opened({ markdown: 'README.md' }, home))).toContain('there is another file of that name');
  });
});

describe('kinesis-labs verify --report', () => {
  it('writes every format, also when nobody could be checked', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'class.json'), JSON.stringify([{ student: 'Anna', profile: 'none', section: '<b>A</b>' }]));
    const formats = 'json=m.json,csv=m.csv,html=m.html,markdown=m.md,junit=m.xml,gradescope=marks';
    const { code, stderr } = await cli(['verify', '01', '--roster', 'class.json', '--target', 'http://127.0.0.1:1', '--report', formats], {
      home,
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    for (const name of ['m.json', 'm.csv', 'm.html', 'm.md', 'm.xml']) expect(readFileSync(join(home, name), 'utf8')).toContain('Anna');
    expect(readFileSync(join(home, 'm.html'), 'utf8')).toContain('&lt;b&gt;A&lt;/b&gt;');
    expect(readFileSync(join(home, 'm.xml'), 'utf8')).toContain('tests="10" failures="0" errors="10" skipped="0"');
    expect(readdirSync(join(home, 'marks'))).toHaveLength(1);
  });

  it('names the formats when it gets another', async () => {
    const { code, stderr } = await cli(['verify', '01', '--report', 'pdf=out.pdf']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--report wants json=FILE or csv=FILE or html=FILE or markdown=FILE or junit=FILE or gradescope=FOLDER, and got "pdf=out.pdf".',
    );
  });
});
