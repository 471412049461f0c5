import { printable } from '../../dist/util/printable.js';

// What must be true of everything that the program says about a lab file, whatever is in the file.

/** @typedef {{ readonly code: number | null, readonly stdout: string, readonly stderr: string }} Ended */

// An error of the program's own shows where it happened, as nothing that a user can do something about does.
const stack = /\n\s+at .*(?:\.[jt]s|node:[\w/]+|<anonymous>)[:)]/;
const mostCharacters = 3_000_000;

/** @param {Ended} ended @returns {string | undefined} what is wrong */
export function outputProblem({ stdout, stderr }) {
  const said = stdout + stderr;
  if (stack.test(said)) return 'it shows a stack trace';
  if (said.includes('bug in kinesis-labs')) return `it says that it has a bug: ${/bug in kinesis-labs[^\n]*/.exec(said)?.[0]}`;
  if (printable(said) !== said) return 'it prints what acts on a terminal';
  if (said.length > mostCharacters) return `it prints ${said.length} characters`;
  return undefined;
}

/** @param {Ended} ended @param {Buffer} bytes of the file @param {boolean} json whether the output is for programs @returns {string | undefined} */
export function lintProblem(ended, bytes, json) {
  const { code, stdout, stderr } = ended;
  const problem = outputProblem(ended);
  if (problem !== undefined) return problem;
  if (code !== 0 && code !== 2) return `it ends with ${code} and says: ${stderr.slice(0, 1_000)}`;
  if (stderr !== '') return refusalProblem(ended);
  if (json) return diagnosticsProblem(ended, bytes);
  const verdict = /1 lab: (no errors|\d+ errors?)(, \d+ warnings?)?\.\n$/.exec(stdout)?.[1];
  if (verdict === undefined) return 'it ends without a verdict';
  return (verdict === 'no errors') === (code === 0) ? undefined : `it ends with ${code} and says: ${verdict}`;
}

/** A file that is not looked at at all gets one message. */
function refusalProblem({ code, stdout, stderr }) {
  if (code !== 2) return `it ends with ${code} and says: ${stderr}`;
  if (stdout !== '') return 'it prints something beside the message';
  return /^kinesis-labs: [^\n]+\n([^\n]+\n)*$/.test(stderr) ? undefined : `the message is ${JSON.stringify(stderr.slice(0, 500))}`;
}

function diagnosticsProblem({ code, stdout }, bytes) {
  const diagnostics = JSON.parse(stdout);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0 !== (code === 2)) return `it ends with ${code} and tells of ${errors} errors`;
  const lines = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  for (const { place, message } of diagnostics) {
    const line = lines[place.line - 1];
    if (line === undefined || place.column < 1 || place.column > line.length + 1 || place.length < 1)
      return `the place ${JSON.stringify(place)} is not in the file: ${message}`;
    if (place.column + place.length - 1 > Math.max(line.length, place.column))
      return `the place ${JSON.stringify(place)} is longer than its line`;
  }
  return undefined;
}

/**
 * What an export may say: the page, or why it cannot be written.
 * @param {Ended} ended @returns {string | undefined} what is wrong
 */
export function exportProblem({ code, stdout, stderr }) {
  // The page is exported as it is written.
  const problem = outputProblem({ code, stdout: '', stderr });
  if (problem !== undefined) return problem;
  if (code === 0) return stderr === '' && stdout !== '' ? undefined : `it ends with 0 and says: ${stderr}`;
  return refusalProblem({ code, stdout, stderr });
}

/** What a page may be in the terminal: text in colours, and nothing else. @param {string} text @returns {string | undefined} */
export function pageProblem(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how colours begin
  const plain = text.replace(/\u001b\[[\d;]*m/g, '');
  return printable(plain) === plain ? undefined : 'the page acts on the terminal';
}

const codes = { met: 0, 'not-met': 1, 'could-not-run': 3 };

/** @param {Ended} ended of a run with its events as JSON @returns {string | undefined} what is wrong */
export function runProblem(ended) {
  const { code, stdout, stderr } = ended;
  const problem = outputProblem(ended);
  if (problem !== undefined) return problem;
  if (stdout === '') return code === 2 && stderr !== '' ? undefined : `it ends with ${code}, without events, and says: ${stderr}`;
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const last = events.at(-1);
  if (last.type !== 'run-ended')
    return code === 3 && stderr !== '' ? undefined : `the last event is ${last.type}, and it ends with ${code}`;
  if (last.left.length > 0) return `it leaves ${JSON.stringify(last.left).slice(0, 1_000)}`;
  return codes[last.outcome] === code ? undefined : `the outcome is ${last.outcome}, and it ends with ${code}`;
}
