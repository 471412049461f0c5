import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a lab is listed by. */
export interface LabFacts {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
}

/** The facts of labs by the fingerprint of their files. */
export type LabIndex = Readonly<Record<string, LabFacts>>;

/** What the facts of a lab come from: its text, and the name of its file, which has to begin with its id. */
export function fingerprint(path: string, text: string): string {
  return createHash('sha256')
    .update(`${basename(path)}\n${text}`)
    .digest('hex');
}

/** The build writes down here what it has read of the labs of the package, because a YAML parser takes longer to load than to list them. */
export const indexFile: URL = new URL('labs.json', import.meta.url);

let known: LabIndex | undefined;

/** What is known of a lab that is in the package as it was built; undefined for all others, and where nothing was built. */
export function indexedLab(path: string, text: string): LabFacts | undefined {
  known ??= readIndex();
  return known[fingerprint(path, text)];
}

function readIndex(): LabIndex {
  try {
    return JSON.parse(readFileSync(indexFile, 'utf8')) as LabIndex;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}
