import { basename } from 'node:path';
import { Fields } from './fields.ts';
import type { Lab } from './lab.ts';
import type { Range, SourceText } from './source-text.ts';
import { readYamlMapping } from './yaml-data.ts';

/** The version of the lab format that this program knows. */
export const knownFormat = 1;

/** What a lab file says about the lab as a whole. */
export type FrontMatter = Pick<Lab, 'id' | 'title' | 'summary' | 'minutes' | 'format' | 'vars' | 'names'>;

/** Where the front matter stands: between a first line of `---` and the next one. Pure. */
export function findFrontMatter(text: string): { readonly yaml: Range; readonly body: number } | undefined {
  const opening = /^---[ \t]*\r?\n/.exec(text)?.[0];
  if (opening === undefined) return undefined;
  // Sticky from line to line; a single expression over the whole text would back-track on long lines of dashes.
  for (let start = opening.length; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    if (text.startsWith('---', start) && text.slice(start + 3, next).trim() === '')
      return { yaml: { start: opening.length, end: start }, body: next };
    start = next;
  }
  return undefined;
}

const keys = ['id', 'title', 'summary', 'minutes', 'format', 'vars', 'names'];

const plainLine = { pattern: /^(?!.*\$\{\{)[^\r\n]+$/, words: 'one line of text without references' };

/**
 * Reads the front matter of a lab and reports what is wrong with it.
 * @returns where the page begins behind it, `undefined` without front matter; and `tooNew` when the file is of a format that cannot be read here at all.
 */
export function readFrontMatter(source: SourceText): {
  readonly frontMatter: FrontMatter | undefined;
  readonly body: number | undefined;
  readonly tooNew: boolean;
} {
  const found = findFrontMatter(source.text);
  if (found === undefined) {
    const opened = /^---[ \t]*(?:\r?\n|$)/.test(source.text);
    source.error(
      { start: 0, end: opened ? 3 : 1 },
      opened ? 'The front matter is not closed.' : 'A lab begins with its front matter, and this file does not.',
      opened
        ? 'End it with a line of ---.'
        : 'Begin the file with a line of ---, then id, title, summary, minutes and format, then another line of ---.',
    );
    return { frontMatter: undefined, body: undefined, tooNew: false };
  }
  const yaml = readYamlMapping(source, found.yaml, 'The front matter');
  if (yaml === undefined) return { frontMatter: undefined, body: found.body, tooNew: false };
  const format = yaml.data['format'];
  if (typeof format === 'number' && format > knownFormat) {
    source.error(
      yaml.at(['format']),
      `This lab is written in format ${format}, and this kinesis-labs reads format ${knownFormat}.`,
      'Update it: npm install kinesis-labs@latest',
    );
    return { frontMatter: undefined, body: found.body, tooNew: true };
  }
  const fields = new Fields(source, yaml, 'The front matter', { start: 0, end: 3 });
  fields.only(keys, `It has ${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}.`);
  const id = fields.text('id', '"01"', { pattern: /^\d\d$/, words: 'two digits' });
  const number = /^(\d+)-.*\.md$/i.exec(basename(source.file))?.[1];
  if (id !== '' && number !== undefined && number !== id) {
    fields.wrong(['id'], `The id is "${id}", but the file name begins with ${number}.`, 'Make them the same: labs are found by either.');
  }
  const frontMatter = {
    id,
    title: fields.text('title', 'Hello, Kinesis', plainLine),
    summary: fields.text('summary', 'Publish an event to a stream.', plainLine),
    minutes: fields.integer('minutes', 1, 600),
    format: fields.integer('format', 1, knownFormat),
    vars: fields.scalars('vars'),
    names: namesOf(fields),
  };
  for (const name of Object.keys(frontMatter.names)) {
    if (!Object.hasOwn(frontMatter.vars, name)) continue;
    fields.wrong(
      ['names', name],
      `\`${name}\` is both a variable and a name, so --set ${name}=… could mean either.`,
      'Call one of them something else.',
    );
  }
  return { frontMatter: fields.ok ? frontMatter : undefined, body: found.body, tooNew: false };
}

function namesOf(fields: Fields): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(fields.scalars('names'))) {
    if (typeof value === 'string' && value !== '') entries.push([name, value]);
    else
      fields.wrong(
        ['names', name],
        `\`names.${name}\` must be the default name of a resource, and is ${JSON.stringify(value)}.`,
        'Put it in quotes if it is text.',
      );
  }
  return Object.fromEntries(entries);
}
