import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as it was built. */
export const mainFile = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

// Long enough for a slow machine, short enough for a test to say what it waited for.
const mostMs = 15_000;

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
  #stdout = '';
  #stderr = '';

  constructor(
    program: string,
    args: readonly string[],
    options: { readonly env: Record<string, string>; readonly cwd?: string; readonly uid?: number },
  ) {
    this.#child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
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
    const until = AbortSignal.timeout(mostMs);
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
    const until = AbortSignal.timeout(mostMs);
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

  constructor(args: readonly string[], options: CliOptions = {}) {
    const home = options.home ?? temporaryFolder();
    const { cwd = home, env = {}, uid } = options;
    super(process.execPath, [mainFile, ...args], {
      cwd,
      env: { ...scrubbedEnvironment(home), ...env },
      ...(uid === undefined ? {} : { uid }),
    });
    this.home = home;
  }
}

/** Runs the program to its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return new RunningCli(args, options).ended();
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
