import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/**
 * Before all tests: builds `dist`, so that the tests which start the program start what the sources say, and gives all
 * tests one folder for their temporary files.
 */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-tests-'));
  // What the workers inherit: os.tmpdir() of every test is that folder.
  process.env['TMPDIR'] = folder;
  // Said by the SDK in each of a hundred workers; the program says it to nobody.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
