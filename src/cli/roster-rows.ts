import { closest } from '../util/closest.ts';
import { isMapping } from '../util/json.ts';
import { counted, short } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';

/** A row as it was read. */
export interface Row {
  /** `class.csv:3`, or `class.json: student 3`. */
  readonly place: string;
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong with it before anything was looked at. */
  readonly problem?: string;
}

/** The columns that mean something. */
export const known = ['student', 'account', 'role_arn', 'external_id', 'profile', 'region', 'prefix'] as const;
export type Known = (typeof known)[number];

/** What a roster is, for hints. */
export const format = `A roster has a column student and, as far as they are needed, ${known.slice(1).join(', ')}; other columns are kept for the reports.`;

/** What people write for the columns that are known: `Role ARN` is `role_arn`. */
function columnName(heading: string): string {
  const name = heading.trim();
  const plain = name.toLowerCase().replace(/[\s-]+/g, '_');
  return known.some((each) => each === plain) ? plain : name;
}

/**
 * The rows of a class as CSV, with what the first of them calls its columns. Excel may have written the separator into a line of its own
 * before it.
 */
export async function csvRows(written: string, file: string): Promise<readonly Row[]> {
  const { parse, CsvError } = await import('csv-parse/sync');
  // The parser counts the line ends of Windows twice where they are within quotes.
  const text = written.replace(/\r\n?/g, '\n');
  const said = /^\s*sep=(.)\n/i.exec(text);
  const [first = ''] = text
    .slice(said?.[0].length ?? 0)
    .trimStart()
    .split('\n', 1);
  const delimiter = said?.[1] ?? /[,;\t]/.exec(first)?.[0] ?? ',';
  const parsed: (readonly [line: number, cells: readonly string[]])[] = [];
  try {
    let line = 1;
    // An empty line is left out, and counted.
    parse(said === null ? text : text.replace(said[0].trim(), ''), {
      delimiter,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        // The parser counts the lines to the end of a record.
        const within = cells.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0);
        line = Math.max(line, lines - within);
        parsed.push([line, cells]);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`${file}:${String(error['lines'] ?? 1)} is no CSV: ${error.message}`, { hint: format });
  }
  const [head, ...body] = parsed;
  if (head === undefined) throw new UserError(`${file} is empty.`, { hint: format });
  const names = head[1].map(columnName);
  checkHeadings(names, `${file}:${head[0]}`, body);
  return body.map(([line, cells]) => {
    const more = cells.slice(names.length).some((cell) => cell.trim() !== '');
    const problem = more
      ? `has ${cells.length} cells, and there are ${counted(names.length, 'column')}; is a comma in a text without quotes?`
      : undefined;
    const values = Object.fromEntries(names.flatMap((name, at) => (name === '' ? [] : [[name, cells[at] ?? '']])));
    return { place: `${file}:${line}`, values, ...(problem === undefined ? {} : { problem }) };
  });
}

function checkHeadings(
  names: readonly string[],
  place: string,
  below: readonly (readonly [line: number, cells: readonly string[]])[],
): void {
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new UserError(`${place} has two columns "${short(twice, 60)}".`, { hint: 'Take one of them away, or rename it.' });
  if (names.includes('student')) return;
  const shown = names.filter((name) => name !== '').map((name) => short(name, 40));
  const near = names.find((name) => name !== '' && closest(name, ['student']) !== undefined);
  const later = below.slice(0, 20).find(([, cells]) => cells.map(columnName).includes('student'));
  const meant =
    near !== undefined
      ? `If ${short(near, 40)} is meant, call it student. `
      : later !== undefined
        ? `Line ${later[0]} seems to name the columns: take away what stands above it. `
        : '';
  throw new UserError(`${place} has no column student; it has ${shown.length === 0 ? 'none' : shown.join(', ')}.`, {
    hint: `${meant}The first line names the columns. ${format}`,
  });
}

/** The columns that mean nothing and look as if they were meant to, in words; `given` are those of the whole roster. */
export function misspelt(given: ReadonlySet<string>, file: string): readonly string[] {
  const free = known.filter((name) => !given.has(name));
  return [...given].flatMap((name) => {
    if (known.some((each) => each === name)) return [];
    const meant = closest(name, free);
    if (meant === undefined) return [];
    return [
      `${file}: the column "${short(name, 60)}" says nothing to verify, and is kept for the reports. If ${meant} is meant, call it that.`,
    ];
  });
}

/** The rows of a class as JSON: a list of objects, or an object with a list `students`. */
export function jsonRows(text: string, file: string): readonly Row[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { hint: format });
  }
  const list = isMapping(json) ? json['students'] : json;
  if (!Array.isArray(list))
    throw new UserError(`${file} is no list of students.`, {
      hint: `For example: [{ "student": "ada", "account": "123456789012" }]. ${format}`,
    });
  return list.map((each: unknown, index): Row => {
    const place = `${file}: student ${index + 1}`;
    if (!isMapping(each)) return { place, values: {}, problem: 'is no object' };
    const complex = Object.entries(each).find(([, value]) => typeof value === 'object' && value !== null);
    const values = Object.fromEntries(Object.entries(each).map(([name, value]) => [columnName(name), value === null ? '' : String(value)]));
    return { place, values, ...(complex === undefined ? {} : { problem: `"${short(complex[0], 60)}" is neither a text nor a number` }) };
  });
}
