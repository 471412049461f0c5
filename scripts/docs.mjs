// Writes what is made from the step kinds: the JSON Schema for editors, and the page about them. Runs on what was built.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedFiles } from '../dist/runner/authoring/generated.js';

const root = new URL('../', import.meta.url);
for (const [path, text] of Object.entries(await generatedFiles())) {
  mkdirSync(new URL('./', new URL(path, root)), { recursive: true });
  writeFileSync(new URL(path, root), text);
}
