// Does what the program does with lab files, in a process that may hang or crash. Each message is one task.
// Usage: node lab-worker.mjs FOLDER, which holds whatever it writes.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { loadMarkdown } from '../../dist/cli/markdown.js';
import { runProgram } from '../../dist/cli/program.js';
import { surroundingsOf } from '../../dist/cli/surroundings.js';
import { parseLab } from '../../dist/runner/parse.js';
import { labCases } from './lab-cases.mjs';
import { exportProblem, lintProblem, pageProblem, runProblem } from './lab-oracle.mjs';

const home = mkdtempSync(join(tmpdir(), 'home-'));
const file = join(home, 'labs', 'lab.md');
mkdirSync(join(home, 'labs'));
cpSync(fileURLToPath(new URL('../../assets', import.meta.url)), join(home, 'assets'), { recursive: true });
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// Whoever has begun this process removes that folder, and cannot where it was killed.
process.on('disconnect', () => {
  rmSync(process.argv[2], { recursive: true, force: true });
  process.exit();
});

const makeCase = await labCases();

/** Runs the program to its end in this process. */
async function program(args) {
  const said = { stdout: '', stderr: '' };
  const hear = (stream) =>
    new Writable({
      write(text, _encoding, done) {
        said[stream] += text;
        done();
      },
    });
  const env = { PATH: process.env['PATH'], HOME: home, KINESIS_LABS_HOME: join(home, 'state') };
  const io = surroundingsOf({ env, cwd: () => home, stdin: {}, stdout: hear('stdout'), stderr: hear('stderr') });
  const code = await runProgram(args, io);
  return { code, ...said };
}

async function lint(bytes, json) {
  writeFileSync(file, bytes);
  const ended = await program(json ? ['lint', 'labs/lab.md', '--json'] : ['lint', 'labs/lab.md']);
  const problem = lintProblem(ended, bytes, json) ?? (ended.code === 0 ? await readProblem(bytes) : undefined);
  return { problem, code: ended.code };
}

const renderers = await Promise.all([20, 60, 100].map((width) => loadMarkdown({ width, colour: true })));

/** What is wrong with a valid lab as it is exported, and as it is read in the terminal. */
async function readProblem(bytes) {
  for (const format of ['bash', 'markdown']) {
    const problem = exportProblem(await program(['export', 'labs/lab.md', '--format', format]));
    if (problem !== undefined) return `as it is exported in ${format}, ${problem}`;
  }
  const { lab } = parseLab('labs/lab.md', bytes.toString('utf8'));
  const prose = (lab?.sections ?? []).flatMap((section) => (section.kind === 'prose' ? [section.source] : []));
  for (const [index, source] of prose.entries()) {
    const problem = pageProblem(renderers[index % renderers.length](source));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const tasks = {
  /** Looks at a number of cases. @returns what was valid, and the first that fails */
  async lint({ seed, from, to }) {
    const valid = [];
    const ways = {};
    for (let index = from; index < to; index++) {
      const { way, bytes } = makeCase(seed, index);
      ways[way] = (ways[way] ?? 0) + 1;
      process.send({ progress: index });
      const { problem, code } = await lint(bytes, index % 4 === 0).catch(thrown);
      if (problem !== undefined) return { valid, ways, failed: { index, problem } };
      if (code === 0) valid.push(index);
    }
    return { valid, ways };
  },

  /** Looks at a file that is given. */
  async lintBytes({ bytes, json }) {
    const { problem } = await lint(Buffer.from(bytes, 'base64'), json).catch(thrown);
    return { problem };
  },

  /** Runs a lab on virtual time. */
  async run({ bytes }) {
    writeFileSync(file, Buffer.from(bytes, 'base64'));
    const ended = await program(['test', 'labs/lab.md', '--json']).catch((error) => ({ thrown: thrown(error).problem }));
    return { problem: ended.thrown ?? runProblem(ended), code: ended.code };
  },
};

function thrown(error) {
  return { problem: `it throws ${error instanceof Error ? error.stack : String(error)}` };
}

process.on('message', async ({ task, ...input }) => {
  process.send({ answer: await tasks[task](input) });
});
process.send('ready');
