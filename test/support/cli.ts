import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/cli/program.ts';
import { surroundingsOf } from '../../src/cli/surroundings.ts';
import { withVariables } from './environment.ts';

/** The program as it was built. */
export const mainFile = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

// Long enough for a slow machine, short enough for a test to say what it waited for.
const usualMs = 45_000;

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Where the program keeps its state. Default: a new folder. */
  readonly home?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessOptions extends CliOptions {
  /** For how many milliseconds its end is waited for. */
  readonly mostMs?: number;
  /** The id of the user that the program runs as. Default: of whoever runs the tests. */
  readonly uid?: number;
}

/** A folder that is new and empty. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
}

/**
 * The environment that the program is tested in: nothing of the machine's own settings and credentials, and no programs but
 * Node and the system's, because one that is looked for and takes a second to start takes it in every test.
 */
export function scrubbedEnvironment(home: string): Record<string, string> {
  const path = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  return { PATH: path, HOME: home, KINESIS_LABS_HOME: join(home, 'state') };
}

/** A program that is running. Its standard input is closed. */
export class RunningProgram {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #mostMs: number;
  #stdout = '';
  #stderr = '';

  constructor(
    program: string,
    args: readonly string[],
    options: { readonly env: Record<string, string>; readonly cwd?: string; readonly uid?: number; readonly mostMs?: number },
  ) {
    const { mostMs = usualMs, ...spawning } = options;
    this.#mostMs = mostMs;
    this.#child = spawn(program, args, { ...spawning, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#closed = once(this.#child, 'close');
  }

  get stdout(): string {
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until standard output contains a text. @throws with all output when the process ends or time is up before that. */
  async shows(text: string): Promise<void> {
    const until = AbortSignal.timeout(this.#mostMs);
    const ended = this.#closed.then(() => 'ended');
    while (!this.#stdout.includes(text)) {
      const more = once(this.#child.stdout ?? this.#child, 'data', { signal: until }).then(
        () => 'more',
        () => 'time is up',
      );
      const what = await Promise.race([more, ended]);
      if (what !== 'more' && !this.#stdout.includes(text))
        throw new Error(`${what} before ${JSON.stringify(text)}:\n${this.#stdout}${this.#stderr}`);
    }
  }

  /** Waits for the end. @throws with all output when it does not come. */
  async ended(): Promise<Ended> {
    const until = AbortSignal.timeout(this.#mostMs);
    const late = once(until, 'abort').then(() => {
      this.#child.kill('SIGKILL');
      throw new Error(`The program does not end:\n${this.#stdout}${this.#stderr}`);
    });
    await Promise.race([this.#closed, late]);
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }
}

/** The program as it was built, running. */
export class RunningCli extends RunningProgram {
  readonly home: string;

  constructor(args: readonly string[], options: ProcessOptions = {}) {
    const home = options.home ?? temporaryFolder();
    const { cwd = home, env = {}, uid, mostMs } = options;
    super(process.execPath, [mainFile, ...args], {
      cwd,
      env: { ...scrubbedEnvironment(home), ...env },
      ...(uid === undefined ? {} : { uid }),
      ...(mostMs === undefined ? {} : { mostMs }),
    });
    this.home = home;
  }
}

let running: string | undefined;

/**
 * Runs the program to its end, inside of this process, which has everything loaded already: what `main.ts` does, in
 * surroundings without a terminal. What is about the process itself needs `RunningCli`.
 * @throws when another one runs: the environment that the AWS SDK reads is that of the process.
 */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  if (running !== undefined) throw new Error(`kinesis-labs ${running} has not ended yet.`);
  const home = options.home ?? temporaryFolder();
  const env = { ...scrubbedEnvironment(home), ...options.env };
  const said = { stdout: '', stderr: '' };
  const hear = (stream: keyof typeof said) =>
    new Writable({
      write(text, _encoding, done) {
        said[stream] += text;
        done();
      },
    });
  const host = { env, cwd: () => options.cwd ?? home, stdin: {}, stdout: hear('stdout'), stderr: hear('stderr') };
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  const { TMPDIR, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED } = process.env;
  running = args.join(' ');
  try {
    const code = await withVariables({ ...none, TMPDIR, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED, ...env }, () =>
      runProgram(args, surroundingsOf(host)),
    );
    return { code, ...said };
  } finally {
    running = undefined;
  }
}

/** The ledgers below the home of a program. */
export function ledgerFiles(home: string): readonly string[] {
  const runs = join(home, 'state', 'runs');
  try {
    return readdirSync(runs).map((name) => join(runs, name));
  } catch {
    return [];
  }
}
