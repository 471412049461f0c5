import { extname, resolve } from 'node:path';
import { checkedRegion } from '../aws/region.ts';
import { isMapping } from '../util/json.ts';
import { counted, short } from '../util/text.ts';
import { readTextFile } from '../util/text-file.ts';
import { UserError } from '../util/user-error.ts';

/** A student of a roster, and how their account is reached. */
export interface RosterEntry {
  readonly student: string;
  /** Twelve digits. */
  readonly account?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly prefix?: string;
  /** Whatever else the roster says of them, as it stands there. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface Roster {
  readonly entries: readonly RosterEntry[];
  /** What may be meant, and may be a mistake. */
  readonly warnings: readonly string[];
}

/** A row as it was read. */
interface Row {
  /** `class.csv:3`, or `class.json: student 3`. */
  readonly place: string;
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong with it before anything was looked at. */
  readonly problem?: string;
}

const mostBytes = 16 * 1024 * 1024;
const mostStudents = 20_000;

const known = ['student', 'account', 'role_arn', 'external_id', 'profile', 'region', 'prefix'] as const;
type Known = (typeof known)[number];

const format = `A roster has a column student and, as far as they are needed, ${known.slice(1).join(', ')}; other columns are kept for the reports.`;

/**
 * Reads a class: CSV with a line of headings (comma, semicolon or tab), or JSON with a list of objects.
 * @param cwd what a relative path starts from
 * @throws {UserError} that names every line and column that cannot be used.
 */
export async function readRoster(file: string, cwd: string): Promise<Roster> {
  const text = readTextFile(resolve(cwd, file), { name: file, noun: 'roster', mostBytes, hint: format });
  const rows = extname(file).toLowerCase() === '.json' || /^\s*[[{]/.test(text) ? jsonRows(text, file) : await csvRows(text, file);
  if (rows.length === 0) throw new UserError(`${file} lists no students.`, { hint: format });
  if (rows.length > mostStudents) throw new UserError(`${file} lists ${rows.length} students; there can be ${mostStudents}.`);
  const problems: string[] = [];
  const warnings: string[] = [];
  const seen = { student: new Map<string, string>(), account: new Map<string, string>() };
  const entries = rows.map((row) => {
    const report = (column: string, message: string): void => void problems.push(`${row.place}, column ${column}: ${message}`);
    if (row.problem !== undefined) problems.push(`${row.place}: ${row.problem}`);
    const entry = entryOf(row, report);
    const twice = noted(seen.student, entry.student, row.place);
    if (twice !== undefined && entry.student !== '') report('student', `"${short(entry.student, 60)}" stands in ${twice} already`);
    const place = [entry.account ?? entry.roleArn?.split(':')[4], entry.region, entry.prefix].join(' ');
    const other = place.startsWith(' ') ? undefined : noted(seen.account, place, `${entry.student} (${row.place})`);
    if (other !== undefined) warnings.push(`${row.place}: ${entry.student} has the same account as ${other}.`);
    return entry;
  });
  if (problems.length === 0) return { entries, warnings };
  const shown = problems.slice(0, 50);
  const more = problems.length > shown.length ? [`… and ${problems.length - shown.length} more`] : [];
  throw new UserError([`${file} cannot be used: ${counted(problems.length, 'problem')}.`, ...shown, ...more].join('\n  '), {
    hint: format,
  });
}

type Report = (column: Known, message: string) => void;

function entryOf({ values, problem }: Row, report: Report): RosterEntry {
  const value = (name: Known): string | undefined => values[name]?.trim() || undefined;
  const checked = (name: Known, form: RegExp, message: string): string | undefined => {
    const found = value(name);
    if (found !== undefined && !form.test(found)) report(name, `${message}, and is "${short(found, 60)}"`);
    return found;
  };
  const student = value('student');
  if (student === undefined && problem === undefined) report('student', 'is empty; every student needs a name');
  const account = checked('account', /^\d{12}$/, 'must be twelve digits (a spreadsheet may have taken zeros away at its beginning)');
  const roleArn = checked(
    'role_arn',
    /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    'must be the ARN of a role, arn:aws:iam::123456789012:role/name',
  );
  const externalId = checked('external_id', /^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits and any of + = , . @ : / _ -');
  const region = value('region');
  if (region !== undefined && !isRegion(region)) report('region', `must be the name of an AWS region, and is "${short(region, 60)}"`);
  const prefix = checked('prefix', /^[A-Za-z0-9._-]{1,40}$/, 'must be up to 40 letters, digits, dots, _ and -');
  const profile = value('profile');
  if (externalId !== undefined && roleArn === undefined) report('external_id', 'is of use only with a role_arn');
  const owner = roleArn?.split(':')[4];
  if (owner !== undefined && account !== undefined && /^\d{12}$/.test(account) && owner !== account)
    report('role_arn', `is of account ${owner}, and the column account says ${account}`);
  const columns = Object.fromEntries(Object.entries(values).filter(([name]) => !known.some((each) => each === name)));
  return { student: student ?? '', columns, ...given({ account, roleArn, externalId, profile, region, prefix }) };
}

function given<Members extends object>(members: Members): { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}

function isRegion(name: string): boolean {
  try {
    return checkedRegion(name) === name;
  } catch {
    return false;
  }
}

/** Notes where a value stands. @returns where it has stood before. */
function noted(seen: Map<string, string>, value: string, place: string): string | undefined {
  const before = seen.get(value);
  if (before === undefined) seen.set(value, place);
  return before;
}

/** What people write for the columns that are known: `Role ARN` is `role_arn`. */
function columnName(heading: string): string {
  const name = heading.trim();
  const plain = name.toLowerCase().replace(/[\s-]+/g, '_');
  return known.some((each) => each === plain) ? plain : name;
}

async function csvRows(text: string, file: string): Promise<readonly Row[]> {
  const { parse, CsvError } = await import('csv-parse/sync');
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = /[,;\t]/.exec(first)?.[0] ?? ',';
  const parsed: (readonly [line: number, cells: readonly string[]])[] = [];
  try {
    let line = 1;
    parse(text, {
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
  const names = (head?.[1] ?? []).map(columnName);
  checkHeadings(names, `${file}:${head?.[0] ?? 1}`);
  return body.map(([line, cells]) => {
    const more = cells.slice(names.length).some((cell) => cell.trim() !== '');
    const problem = more
      ? `has ${cells.length} cells, and there are ${counted(names.length, 'column')}; is a comma in a text without quotes?`
      : undefined;
    const values = Object.fromEntries(names.flatMap((name, at) => (name === '' ? [] : [[name, cells[at] ?? '']])));
    return { place: `${file}:${line}`, values, ...(problem === undefined ? {} : { problem }) };
  });
}

function checkHeadings(names: readonly string[], place: string): void {
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new UserError(`${place} has two columns "${short(twice, 60)}".`, { hint: 'Take one of them away, or rename it.' });
  if (names.includes('student')) return;
  const shown = names.map((name) => short(name, 40)).join(', ');
  throw new UserError(`${place} has no column student; it has ${shown === '' ? 'none' : shown}.`, {
    hint: `The first line names the columns. ${format}`,
  });
}

function jsonRows(text: string, file: string): readonly Row[] {
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
