// Builds `dist` from `src`: types are checked and stripped, everything else is copied as it is.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [typescript.replace(/package\.json$/, 'bin/tsc'), '-p', root], { stdio: 'inherit' });
// What runs inside functions is not TypeScript: Python, and plain JavaScript that starts in a few milliseconds.
cpSync(`${root}src`, `${root}dist`, { recursive: true, filter: (source) => !source.endsWith('.ts') });
// The shapes of what the sandbox answers, without the clients that come with them in the SDK.
const [{ shapeTable }, { sdk, serviceNames }] = await Promise.all(
  ['sandbox/protocols/shape-table.js', 'util/sdk.js'].map((module) => import(new URL(`../dist/${module}`, import.meta.url))),
);
mkdirSync(`${root}dist/sandbox/shapes`, { recursive: true });
for (const service of serviceNames) {
  writeFileSync(`${root}dist/sandbox/shapes/${service}.json`, JSON.stringify(shapeTable(sdk[service].load())));
}
// What the labs are listed by.
const [{ indexLabs, packageLabs }, { indexFile }] = await Promise.all(
  ['runner/library.js', 'runner/lab-index.js'].map((module) => import(new URL(`../dist/${module}`, import.meta.url))),
);
writeFileSync(indexFile, JSON.stringify(await indexLabs(packageLabs)));
if (existsSync(`${root}dist/cli/main.js`)) chmodSync(`${root}dist/cli/main.js`, 0o755);
