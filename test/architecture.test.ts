import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** What each layer may import, types included. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ['cli', 'runner', 'steps', 'aws', 'util', 'sandbox'],
  runner: ['runner', 'steps', 'aws', 'util'],
  steps: ['steps', 'aws', 'util'],
  aws: ['aws', 'util'],
  sandbox: ['sandbox', 'util'],
  util: ['util'],
};

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  /** Paths of the files of this project that it imports, below `src`. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|mjs|js|py)$/.test(path))
  .map((path) => {
    const text = readFileSync(join(source, path), 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
      relative(source, resolve(source, dirname(path), target)),
    );
    return { path, layer: path.split('/')[0] ?? '', text, imports };
  });

/** The code of a file without its comments, so that a rule about code is not broken by a sentence about it. */
function code(file: SourceFile): string {
  return file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function offenders(matches: (file: SourceFile) => boolean): string[] {
  return files.filter(matches).map((file) => file.path);
}

describe('the folders of src', () => {
  it('import in one direction: cli, runner, steps, aws, util; and sandbox, util', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((target) => !mayImport[file.layer]?.includes(target.split('/')[0] ?? ''))
        .map((target) => `${file.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no import cycles', () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const target of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const file of files) visit(file.path, []);
    expect(cycles).toEqual([]);
  });

  it('leave printing to the command line', () => {
    const runsInsideFunctions = (file: SourceFile) => file.path.startsWith('sandbox/lambda/runtime/');
    expect(offenders((file) => file.layer !== 'cli' && !runsInsideFunctions(file) && /\bconsole\./.test(code(file)))).toEqual([]);
  });

  it('leave the environment to the command line', () => {
    const runsInsideFunctions = (file: SourceFile) => file.path.startsWith('sandbox/lambda/runtime/');
    expect(offenders((file) => file.layer !== 'cli' && !runsInsideFunctions(file) && /\bprocess\.env\b/.test(code(file)))).toEqual([]);
  });

  it('never end the process early, because something may still have to be removed', () => {
    const runsInsideFunctions = (file: SourceFile) => file.path.startsWith('sandbox/lambda/runtime/');
    expect(offenders((file) => !runsInsideFunctions(file) && /\bprocess\.exit\s*\(/.test(code(file)))).toEqual([]);
  });

  it('do not let a step know what is behind the endpoint', () => {
    expect(offenders((file) => file.layer === 'steps' && /sandbox/i.test(file.text))).toEqual([]);
  });

  it('start the sandbox from the command line only', () => {
    expect(offenders((file) => file.layer !== 'cli' && file.layer !== 'sandbox' && /startSandbox/.test(code(file)))).toEqual([]);
  });

  it('have no file of more than 400 lines', () => {
    const long = files.filter((file) => file.text.split('\n').length > 401).map((file) => file.path);
    expect(long).toEqual([]);
  });

  it('switch no type or lint rule off', () => {
    // One expression names control characters on purpose, and says so.
    const excused = ['util/printable.ts'];
    expect(
      offenders(
        (file) =>
          !excused.includes(file.path) && /@ts-ignore|@ts-expect-error|@ts-nocheck|biome-ignore|\bas any\b|:\s*any\b/.test(file.text),
      ),
    ).toEqual([]);
  });
});
