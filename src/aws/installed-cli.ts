import { execFile } from 'node:child_process';
import type { CliVersion } from './cli-line.ts';

const timeoutMs = 5_000;
let asked: Promise<CliVersion> | undefined;

/** The major version of the `aws` program on the PATH, asked for once; 2 where there is none or it does not answer. */
export function installedCliVersion(): Promise<CliVersion> {
  asked ??= new Promise((resolve) => {
    execFile('aws', ['--version'], { timeout: timeoutMs }, (_error, stdout, stderr) => {
      // Old releases of version 1 print their version on stderr.
      resolve(/aws-cli\/1\./.test(`${stdout}${stderr}`) ? 1 : 2);
    });
  });
  return asked;
}
