import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StateFolder } from '../runner/state-folder.ts';
import { masked } from '../util/redact.ts';
import { keepSecret } from '../util/secrets.ts';

/** What the program finds around itself: the one place that knows the process's environment and streams. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether somebody sits at a terminal who can be asked. */
  readonly interactive: boolean;
  /** Whether standard output is a terminal that shows colours, as far as the environment says. */
  readonly colour: boolean;
  /** Characters of a line. */
  readonly width: number;
  /** What is printed holds no secrets, whatever is in `text`. */
  out(text: string): void;
  err(text: string): void;
  /** Prints to standard output what is secret and was asked for: the lines that let another program in. */
  reveal(text: string): void;
}

const widest = 100;

const secretVariables = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];

/** As much of a process as the program looks at. */
export interface Host {
  readonly env: Surroundings['env'];
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream;
  cwd(): string;
}

/** The surroundings that a process has. From now on, what is secret in its environment is not shown. */
export function surroundingsOf(host: Host): Surroundings {
  const { env, stdin, stdout, stderr } = host;
  keepSecret(...secretVariables.map((name) => env[name]));
  const terminal = Boolean(stdin.isTTY && stdout.isTTY);
  const inCi = Boolean(env['CI']) && env['CI'] !== 'false' && env['CI'] !== '0';
  return {
    env,
    cwd: host.cwd(),
    interactive: terminal && !inCi && env['TERM'] !== 'dumb',
    colour: coloursOf(env, Boolean(stdout.isTTY)),
    width: Math.min(widest, stdout.columns || 80),
    out: (text) => void stdout.write(masked(text)),
    err: (text) => void stderr.write(masked(text)),
    reveal: (text) => void stdout.write(text),
  };
}

/** https://no-color.org and https://force-color.org: set and not empty counts. */
function coloursOf(env: Surroundings['env'], terminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return terminal && env['TERM'] !== 'dumb';
}

/** `$KINESIS_LABS_HOME`, or the folder that the XDG base directories have for state. */
export function stateFolder({ env }: Surroundings): StateFolder {
  const state = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state');
  return { path: env['KINESIS_LABS_HOME'] || join(state, 'kinesis-labs') };
}
