import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsError } from '../../error.ts';
import type { Runtime } from '../functions/runtimes.ts';

/** The program that runs functions of a runtime. */
export interface Interpreter {
  readonly command: string;
  /** What stands between the command and the function's environment: options, and our own runtime. */
  readonly arguments: readonly string[];
  /** `20.20.2` */
  readonly version: string;
  /** The folder of the program, for the function's PATH. */
  readonly folder: string;
  /** Variables that it needs besides those of Lambda. */
  readonly variables: Readonly<Record<string, string>>;
}

function runtimeFile(name: string): string {
  return fileURLToPath(new URL(`../runtime/${name}`, import.meta.url));
}

/**
 * The machine's own Node.js or Python, whatever version the function asks for.
 * @param memorySize megabytes; Python has no limit of its own to set.
 * @throws {AwsError} InvalidRuntimeException where there is no python3.
 */
export async function interpreterFor(runtime: Runtime, memorySize: number): Promise<Interpreter> {
  if (runtime.language === 'python') return python(runtime);
  return {
    command: process.execPath,
    arguments: [`--max-old-space-size=${memorySize}`, runtimeFile('node.mjs')],
    version: process.versions.node,
    folder: dirname(process.execPath),
    // The packages that the sandbox lends to functions warn about Node.js 20; on Lambda nobody sees that.
    variables: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  };
}

interface Python {
  readonly executable: string;
  readonly version: string;
  readonly userBase: string;
}

let found: Promise<Python> | undefined;

async function python(runtime: Runtime): Promise<Interpreter> {
  found ??= askPython();
  try {
    const { executable, version, userBase } = await found;
    return {
      command: executable,
      arguments: ['-u', runtimeFile('python.py')],
      version,
      folder: dirname(executable),
      // Packages that were installed for one user (`pip install --user boto3`) are found without a HOME.
      variables: { PYTHONUSERBASE: userBase, LC_CTYPE: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    };
  } catch (error) {
    found = undefined;
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no python3 on the PATH' : 'python3 does not work';
    throw new AwsError(
      'InvalidRuntimeException',
      `The runtime ${runtime.id} needs Python on this machine, and ${why}. Install Python 3, or use a Node.js runtime.`,
      { status: 502 },
    );
  }
}

/**
 * Asks the python3 of the PATH where it really is, so that the function's environment needs nothing of ours to find it again
 * (a version manager's stand-in would).
 */
function askPython(): Promise<Python> {
  const question = 'import json, platform, site, sys; print(json.dumps([sys.executable, platform.python_version(), site.getuserbase()]))';
  return new Promise((resolve, reject) => {
    execFile('python3', ['-c', question], { timeout: 10_000 }, (error, stdout) => {
      if (error) return reject(error);
      const [executable, version, userBase] = JSON.parse(stdout) as [string, string, string];
      resolve({ executable, version, userBase });
    });
  });
}
