import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Something that the interpreter of a language cannot read. */
export interface SyntaxFault {
  /** `Node.js 20.20.2`. */
  readonly by: string;
  /** In the interpreter's own words. */
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

const timeoutMs = 10_000;

/**
 * What the Node.js that runs this program cannot read in a source text, which is not run. `undefined` when it can read all,
 * or cannot be asked.
 */
export function nodeSyntaxFault(source: Uint8Array, type: 'commonjs' | 'module'): Promise<SyntaxFault | undefined> {
  return once(type, source, () => askNode(source, type));
}

async function askNode(source: Uint8Array, type: 'commonjs' | 'module'): Promise<SyntaxFault | undefined> {
  const { stderr } = await run(process.execPath, ['--check', `--input-type=${type}`, '-'], source);
  const message = /^SyntaxError: (.*)$/m.exec(stderr)?.[1];
  if (message === undefined) return undefined;
  // The place, the line, and a mark below the column stand in front of the message.
  const [, line = '1', lead = ''] = /:(\d+)\n.*\n([ \t]*)\^/.exec(stderr) ?? /:(\d+)\n/.exec(stderr) ?? [];
  return { by: `Node.js ${process.versions.node}`, message, line: Number(line), column: lead.length + 1 };
}

const askPython = `
import json, sys
try:
    compile(sys.stdin.buffer.read(), 'handler', 'exec', dont_inherit=True)
except (SyntaxError, ValueError) as error:
    place = [getattr(error, 'lineno', None) or 1, getattr(error, 'offset', None) or 1]
    print(json.dumps([sys.version.split()[0], getattr(error, 'msg', None) or str(error), *place]))
`;

/** The same for the python3 of this machine. */
export function pythonSyntaxFault(source: Uint8Array): Promise<SyntaxFault | undefined> {
  return once('python', source, () => askPythonFor(source));
}

async function askPythonFor(source: Uint8Array): Promise<SyntaxFault | undefined> {
  const { stdout } = await run('python3', ['-I', '-W', 'ignore', '-c', askPython], source);
  if (stdout.trim() === '') return undefined;
  const [version, message, line, column] = JSON.parse(stdout) as [string, string, number, number];
  return { by: `Python ${version}`, message, line, column };
}

const asked = new Map<string, Promise<SyntaxFault | undefined>>();

/** Many steps of a lab may have the same code; a process is started for the first one only. */
function once(language: string, source: Uint8Array, ask: () => Promise<SyntaxFault | undefined>): Promise<SyntaxFault | undefined> {
  const key = `${language} ${createHash('sha256').update(source).digest('hex')}`;
  const answer = asked.get(key) ?? ask();
  asked.set(key, answer);
  return answer;
}

/** Empty where the program cannot be started. */
function run(program: string, args: readonly string[], input: Uint8Array): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: timeoutMs }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
    // A program that is not there reads nothing.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
