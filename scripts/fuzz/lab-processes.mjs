import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportProblem, lintProblem, outputProblem, runProblem } from './lab-oracle.mjs';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const mostMs = 120_000;
// What is started for a learner takes the time that it takes; nobody waits for it here.
const patienceMs = 15_000;

const commands = [
  (file) => ['lint', file],
  (file) => ['test', file, '--json'],
  (file) => ['export', file, '--format', 'markdown'],
  (file) => ['export', file],
  (file) => ['start', file, '--yes'],
];

/**
 * Gives lab files to the program as a user does, each in a process of its own.
 * @param {readonly number[]} indexes
 * @param {(index: number) => Buffer} bytesOf
 * @param {string} folder where they are written
 */
export async function commandLineProblems(indexes, bytesOf, folder) {
  const home = mkdtempSync(join(folder, 'home-'));
  const total = { count: 0, codes: {}, problems: [] };
  cpSync(fileURLToPath(new URL('../../assets', import.meta.url)), join(home, 'assets'), { recursive: true });
  mkdirSync(join(home, 'labs'));
  const rest = indexes.entries();
  const work = async () => {
    for (const [place, index] of rest) {
      const file = join('labs', `lab-${index}.md`);
      const bytes = bytesOf(index);
      writeFileSync(join(home, file), bytes);
      const args = commands[place % commands.length](file);
      const ended = await program(args, home, args[0] === 'start' ? patienceMs : undefined);
      total.count++;
      total.codes[ended.code] = (total.codes[ended.code] ?? 0) + 1;
      const problem = ended.problem ?? problemOf(args[0], ended, bytes);
      if (problem !== undefined) total.problems.push({ index, problem: `As kinesis-labs ${args.join(' ')} runs, ${problem}` });
    }
  };
  await Promise.all([work(), work()]);
  return total;
}

function problemOf(command, ended, bytes) {
  if (command === 'lint') return lintProblem(ended, bytes, false);
  if (command === 'test') return runProblem(ended);
  if (command === 'export' && ended.code === 0) return exportProblem(ended);
  const problem = outputProblem(ended);
  if (problem !== undefined) return problem;
  if (![0, 1, 2, 3, ...(ended.interrupted ? [130] : [])].includes(ended.code)) return `it ends with ${ended.code}`;
  const messages = ended.stderr.match(/^kinesis-labs: /gm)?.length ?? 0;
  return ended.code === 2 && messages !== 1 ? `it ends with 2 and ${messages} messages: ${ended.stderr.slice(0, 1_000)}` : undefined;
}

/** Runs the program in a process group of its own, which ends with it. @param patience after which it is interrupted, in milliseconds */
function program(args, home, patience) {
  const env = { PATH: process.env['PATH'], HOME: home, KINESIS_LABS_HOME: join(home, 'state') };
  const child = spawn(process.execPath, [main, ...args], { cwd: home, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    let problem;
    const timer = setTimeout(() => {
      problem = `it does not end within ${mostMs} ms`;
      process.kill(-child.pid, 'SIGKILL');
    }, mostMs);
    let interrupted = false;
    const interruption = setTimeout(
      () => {
        interrupted = child.kill('SIGINT');
      },
      patience ?? mostMs * 2,
    );
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(interruption);
      resolve({ code: code ?? signal, stdout, stderr, interrupted, ...(problem === undefined ? {} : { problem }) });
    });
  });
}
