import { execFileSync, spawn } from 'node:child_process';

/** Whether a program can be started here: `--version` of it ends well. */
export function hasProgram(program: string, args: readonly string[] = ['--version']): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

export const hasAwsCli = hasProgram('aws');
export const hasPython = hasProgram('python3');
export const hasBoto3 = hasPython && hasProgram('python3', ['-c', 'import boto3']);

/** What stands behind a test's name when a program is missing, so that a skipped test says why. */
export function needs(program: string, present: boolean): string {
  return present ? '' : ` (skipped: no ${program} on this machine)`;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with nothing on its standard input and no environment but the given one. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly env: Record<string, string>; readonly cwd?: string },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
