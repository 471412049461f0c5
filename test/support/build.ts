import { execFileSync } from 'node:child_process';

/** Builds `dist` once before all tests, so that the tests which start the program start what the sources say. */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
