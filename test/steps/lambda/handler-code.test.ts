import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeFlaws } from '../../../src/steps/lambda/handler-code.ts';
import type { Flaw } from '../../../src/steps/step.ts';
import { hasPython, needs } from '../../support/programs.ts';

const root = mkdtempSync(join(tmpdir(), 'handler-code-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const code = mkdtempSync(join(root, 'code-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(code, name)), { recursive: true });
    writeFileSync(join(code, name), text);
  }
  return code;
}

async function flawsOf(files: Readonly<Record<string, string>>, handler = 'index.handler', runtime = 'nodejs22.x') {
  const code = folder(files);
  const told = (flaw: Flaw): Flaw => ({ ...flaw, message: flaw.message.replace(code, 'CODE') });
  return (await codeFlaws({ handler, runtime, code })).map(told);
}

const fine = 'exports.handler = async () => {};\n';
const node = `Node.js ${process.versions.node}`;

describe('the code of a Node.js function', () => {
  it('is fine where the handler can be read', async () => {
    expect(await flawsOf({ 'index.js': fine })).toEqual([]);
    expect(await flawsOf({ 'index.cjs': fine })).toEqual([]);
    expect(await flawsOf({ 'index.mjs': "import 'node:fs';\nexport const handler = async () => await 1;\n" })).toEqual([]);
    expect(await flawsOf({ 'src/app.js': 'exports.run = () => {};\n' }, 'src/app.run')).toEqual([]);
  });

  it('is read once, however many steps have it', async () => {
    const code = folder({ 'index.js': `${fine}// of its own\n` });
    const started = performance.now();
    for (let step = 0; step < 500; step++) expect(await codeFlaws({ handler: 'index.handler', runtime: 'nodejs22.x', code })).toEqual([]);
    // A process for each would take 20 seconds and more.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is not fine where the handler cannot be read: its place is told, and what stands there', async () => {
    const broken = 'exports.handler = async () => {\n  const x = ;\n};\n';
    expect(await flawsOf({ 'index.js': broken })).toEqual([
      {
        path: ['handler'],
        message: `${node} cannot read the handler at CODE/index.js:2:13: Unexpected token ';'.`,
        hint: 'The line there is: const x = ;',
      },
    ]);
    expect(await flawsOf({ 'index.js': 'exports.handler = () => {' })).toMatchObject([
      { message: expect.stringMatching(/at CODE\/index\.js:1:\d+: Unexpected end of input\.$/) },
    ]);
  });

  it('is read as what Lambda takes the file for', async () => {
    const esm = 'export const handler = async () => {};\n';
    expect(await flawsOf({ 'index.js': esm })).toMatchObject([{ message: expect.stringContaining('CODE/index.js:1:1') }]);
    expect(await flawsOf({ 'index.js': esm, 'package.json': '{ "type": "module" }' })).toEqual([]);
    expect(await flawsOf({ 'a/index.js': esm, 'package.json': '{ "type": "module" }' }, 'a/index.handler')).toEqual([]);
    expect(await flawsOf({ 'index.js': 'return;\n' })).toEqual([]);
  });

  it('has a file for the handler, and the handler names one', async () => {
    expect(await flawsOf({ 'index.js': fine, 'other.js': fine }, 'indx.handler')).toEqual([
      { path: ['handler'], message: 'CODE has no file for the handler "indx.handler", such as indx.js.', hint: 'Did you mean "index.js"?' },
    ]);
    expect(await flawsOf({ 'index.js': fine }, 'kinesis.handler')).toMatchObject([{ hint: 'It has index.js.' }]);
    expect(await flawsOf({ 'index.js': fine }, 'handler')).toEqual([
      {
        path: ['handler'],
        message: 'The handler "handler" does not name a file and its export.',
        hint: 'Write the file, a dot, and the export: index.handler.',
      },
    ]);
  });

  it('is read, and not run', async () => {
    const trace = join(root, 'trace');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '');\n${fine}`;
    expect(await flawsOf({ 'index.js': code })).toEqual([]);
    expect(existsSync(trace)).toBe(false);
  });
});

describe.skipIf(!hasPython)(`the code of a Python function${needs('python3', hasPython)}`, () => {
  const flawsOfPython = (text: string) => flawsOf({ 'index.py': text }, 'index.handler', 'python3.13');

  it('is fine where the handler can be read', async () => {
    expect(await flawsOfPython('def handler(event, context):\n    return "\\d"\n')).toEqual([]);
    expect(await flawsOf({ 'app/__init__.py': 'x = 1\n' }, 'app.handler', 'python3.13')).toEqual([]);
    expect(await flawsOf({ 'src/app.py': 'x = 1\n' }, 'src/app.handler', 'python3.13')).toEqual([]);
    expect(await flawsOf({ 'src/app.py': 'x = 1\n' }, 'src.app.handler', 'python3.13')).toEqual([]);
  });

  it('is not fine where the handler cannot be read: its place is told, and what stands there', async () => {
    expect(await flawsOfPython('import json\n\ndef handler(event, context)\n    return 1\n')).toEqual([
      {
        path: ['handler'],
        message: expect.stringMatching(/^Python 3\.\S+ cannot read the handler at CODE\/index\.py:3:\d+: \S.*\.$/),
        hint: 'The line there is: def handler(event, context)',
      },
    ]);
    expect(await flawsOfPython('def handler(event, context):\nreturn 1\n')).toMatchObject([
      { message: expect.stringContaining('CODE/index.py:2:') },
    ]);
  });

  it('has a file for the handler', async () => {
    expect(await flawsOf({ 'index.py': '' }, 'lambda_function.lambda_handler', 'python3.13')).toEqual([
      {
        path: ['handler'],
        message: 'CODE has no file for the handler "lambda_function.lambda_handler", such as lambda_function.py.',
        hint: 'It has index.py.',
      },
    ]);
  });

  it('is read, and not run', async () => {
    const trace = join(root, 'python-trace');
    expect(await flawsOfPython(`open(${JSON.stringify(trace)}, 'w')\n`)).toEqual([]);
    expect(existsSync(trace)).toBe(false);
  });
});

describe('the folder of a function', () => {
  it('has something in it, and nothing that lies elsewhere', async () => {
    const empty = folder({});
    expect(await codeFlaws({ handler: 'index.handler', runtime: 'nodejs22.x', code: empty })).toEqual([
      { path: ['code'], message: `The folder ${empty} has no files to make a function from.`, hint: 'Put the handler into it.' },
    ]);
    const linked = folder({ 'index.js': fine });
    symlinkSync('/etc/hostname', join(linked, 'name'));
    expect(await codeFlaws({ handler: 'index.handler', runtime: 'nodejs22.x', code: linked })).toMatchObject([
      { path: ['code'], message: expect.stringContaining('leads out of the folder of the function') },
    ]);
  });

  it('is left alone where the language is none that is known', async () => {
    expect(await flawsOf({ 'Handler.java': 'class {' }, 'Handler::run', 'java21')).toEqual([]);
  });
});
