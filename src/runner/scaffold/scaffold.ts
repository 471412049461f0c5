import { readFileSync } from 'node:fs';
import { printable } from '../../util/printable.ts';
import { UserError } from '../../util/user-error.ts';

/** A lab to begin with: what is in its files, and what these are called. */
interface Scaffold {
  /** `06-a-new-lab.md` */
  readonly page: string;
  readonly text: string;
  /** The folder below the assets, and what is in it, by name: `06-a-new-lab`. */
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}

const template = new URL('./lab.md', import.meta.url);
// The same from `src` and from `dist`.
const handler = new URL('../../../assets/kinesis-event-logger/kinesisEventLogger.js', import.meta.url);

const longestTitle = 80;

/**
 * Makes a small lab that is valid, can be done and is proved as it stands, to be written anew piece by piece.
 * @param id one or two digits.
 * @param assets the path from the folder of the page to that of the assets.
 * @throws {UserError} when the id or the title cannot be that of a lab.
 */
export function scaffold(id: string, title: string, assets: string): Scaffold {
  const number = labId(id);
  const heading = labTitle(title);
  const name = `${number}-${slug(heading)}`;
  const values: Readonly<Record<string, string>> = {
    ID: number,
    TITLE: heading.replace(/[\\`*_[\]<>#&]/g, '\\$&'),
    YAML_TITLE: JSON.stringify(heading),
    ASSETS: name,
    ASSETS_LINK: `${assets}/${name}`,
  };
  return {
    page: `${name}.md`,
    text: readFileSync(template, 'utf8').replace(/__([A-Z]+(?:_[A-Z]+)*)__/g, (whole, key: string) => values[key] ?? whole),
    folder: name,
    files: { 'index.js': readFileSync(handler, 'utf8') },
  };
}

/** The id of a lab as it is written: two digits. @throws {UserError} when it is not a number below 100. */
export function labId(id: string): string {
  if (/^\d{1,2}$/.test(id)) return id.padStart(2, '0');
  throw new UserError(`${JSON.stringify(id)} cannot be the id of a lab.`, { hint: 'An id has two digits: kinesis-labs new 06' });
}

function labTitle(title: string): string {
  const text = title.trim();
  const problem =
    text === ''
      ? 'is empty'
      : /[\t\n]/.test(text) || printable(text) !== text
        ? 'has more than one line, or control characters'
        : text.includes('${{')
          ? 'has a reference in it'
          : text.length > longestTitle
            ? `has ${text.length} characters, and ${longestTitle} are enough`
            : undefined;
  if (problem === undefined) return text;
  throw new UserError(`The title ${problem}.`, { hint: "Give one line of text: --title 'Hello, Kinesis'" });
}

/** The words of a title, in letters and digits that every file system has. */
function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? ['lab']).join('-').slice(0, 50).replace(/-$/, '');
}
