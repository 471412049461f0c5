// Builds `dist` from `src`: types are checked and stripped, everything else is copied as it is.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [typescript.replace(/package\.json$/, 'bin/tsc'), '-p', root], { stdio: 'inherit' });
// What runs inside functions is not TypeScript: Python, and plain JavaScript that starts in a few milliseconds.
cpSync(`${root}src`, `${root}dist`, { recursive: true, filter: (source) => !source.endsWith('.ts') });
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755);
