import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PreflightFinding } from '../runner/preflight/finding.ts';
import { unwritable } from '../runner/state-disk.ts';
import { UserError } from '../util/user-error.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';

/** What this machine has of what labs need or can use. Nothing is changed to see it. */
export async function examineMachine(io: Surroundings): Promise<readonly PreflightFinding[]> {
  return [
    nodeVersion(),
    ...(await Promise.all([
      program(
        'aws',
        ['--version'],
        'Only needed to do steps by hand: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
      ),
      program('python3', ['--version'], 'Only needed for functions in Python on the embedded sandbox.'),
      program(
        'python3',
        ['-c', 'import boto3; print("boto3", boto3.__version__)'],
        'Only needed to do steps by hand in Python: pip install boto3',
        'boto3',
      ),
    ])),
    writableState(io),
  ];
}

function nodeVersion(): PreflightFinding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  if (good) return { about: 'Node', weight: 'good', message: process.versions.node };
  return {
    about: 'Node',
    weight: 'fatal',
    message: `this is ${process.versions.node}`,
    hint: 'Install 20.19 or later from https://nodejs.org',
  };
}

const timeoutMs = 10_000;

/** Labs can be done without any of these. */
function program(command: string, args: readonly string[], hint: string, about = command): Promise<PreflightFinding> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: timeoutMs }, (error, stdout, stderr) => {
      const [line = ''] = `${stdout}${stderr}`.trim().split('\n');
      resolve(error ? { about, weight: 'unknown', message: 'not there', hint } : { about, weight: 'good', message: line });
    });
  });
}

/** The folder for what runs create, or the nearest one above that there is. */
function writableState(io: Surroundings): PreflightFinding {
  const { path } = stateFolder(io);
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { about: 'state folder', weight: 'good', message: path };
  } catch (error) {
    const problem = unwritable(path, error);
    if (!(problem instanceof UserError)) throw problem;
    return {
      about: 'state folder',
      weight: 'fatal',
      message: problem.message,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    };
  }
}

/** The configuration, and what to say of it. */
export function examineConfiguration(io: Surroundings): {
  readonly finding: PreflightFinding;
  readonly configuration: Configuration | undefined;
} {
  try {
    const configuration = readConfiguration(io);
    const { file, accounts } = configuration;
    const lists = `${accounts.allow.length === 0 ? 'all accounts are allowed' : `allowed are ${accounts.allow.join(', ')}`}${accounts.deny.length === 0 ? '' : `; denied are ${accounts.deny.join(', ')}`}`;
    return {
      finding: { about: 'configuration', weight: 'good', message: file === undefined ? `none; ${lists}` : `${file}; ${lists}` },
      configuration,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { finding: { about: 'configuration', weight: 'fatal', message: error.message, ...hint }, configuration: undefined };
  }
}
