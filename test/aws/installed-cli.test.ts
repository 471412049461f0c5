import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'installed-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a process of its own finds whose PATH has only this `aws`; it is asked for once in a process. */
function versionWith(script: string | undefined): string {
  const program = join(folder, 'aws');
  rmSync(program, { force: true });
  if (script !== undefined) {
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  }
  const module = JSON.stringify(new URL('../../dist/aws/installed-cli.js', import.meta.url));
  const ask = `const { installedCliVersion } = await import(${module}); console.log(await installedCliVersion());`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', ask], { env: { PATH: folder }, encoding: 'utf8' }).trim();
}

describe('the AWS CLI that lines are written for', () => {
  it.each([
    ['version 2, where that is installed', 'echo aws-cli/2.31.1 Python/3.13.7 Linux/6.1 exe/x86_64', '2'],
    ['version 1, where that is installed', 'echo aws-cli/1.45.11 Python/3.11.7 Linux/6.1 botocore/1.43.11', '1'],
    ['version 1, where an old one answers on stderr', 'echo aws-cli/1.11.13 Python/2.7 botocore/1.5.13 >&2', '1'],
    ['version 2, where a program of that name fails', 'exit 1', '2'],
    ['version 2, where there is none', undefined, '2'],
  ])('is %s', (_, script, version) => expect(versionWith(script)).toBe(version));
});
