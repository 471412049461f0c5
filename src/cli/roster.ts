import { extname, resolve } from 'node:path';
import { isRegion } from '../util/region.ts';
import { counted, short } from '../util/text.ts';
import { readTextFile } from '../util/text-file.ts';
import { UserError } from '../util/user-error.ts';
import { csvRows, format, jsonRows, type Known, known, misspelt, type Row } from './roster-rows.ts';

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

const mostBytes = 16 * 1024 * 1024;
const mostStudents = 20_000;

export interface RosterOptions {
  /** Whether the students have no roles yet: an ExternalId is of use without one then. */
  readonly rolesToCome?: boolean;
}

/**
 * Reads a class: CSV with a line of headings (comma, semicolon or tab), or JSON with a list of objects.
 * @param cwd what a relative path starts from
 * @throws {UserError} that names every line and column that cannot be used.
 */
export async function readRoster(file: string, cwd: string, { rolesToCome = false }: RosterOptions = {}): Promise<Roster> {
  const text = readTextFile(resolve(cwd, file), { name: file, noun: 'roster', mostBytes, hint: format });
  const rows = extname(file).toLowerCase() === '.json' || /^\s*[[{]/.test(text) ? jsonRows(text, file) : await csvRows(text, file);
  if (rows.length === 0) throw new UserError(`${file} lists no students.`, { hint: `There is nothing below its headings. ${format}` });
  if (rows.length > mostStudents) throw new UserError(`${file} lists ${rows.length} students; there can be ${mostStudents}.`);
  const problems: string[] = [];
  const warnings: string[] = [];
  const seen = { student: new Map<string, string>(), account: new Map<string, string>() };
  const entries = rows.map((row) => {
    const report = (column: string, message: string): void => void problems.push(`${row.place}, column ${column}: ${message}`);
    if (row.problem !== undefined) problems.push(`${row.place}: ${row.problem}`);
    const entry = entryOf(row, report, rolesToCome);
    const twice = noted(seen.student, entry.student, row.place);
    if (twice !== undefined && entry.student !== '') report('student', `"${short(entry.student, 60)}" stands in ${twice} already`);
    const place = [entry.account ?? entry.roleArn?.split(':')[4], entry.region, entry.prefix].join(' ');
    const other = place.startsWith(' ') ? undefined : noted(seen.account, place, `${entry.student} (${row.place})`);
    if (other !== undefined) warnings.push(`${row.place}: ${entry.student} has the same account as ${other}.`);
    return entry;
  });
  if (problems.length === 0)
    return { entries, warnings: [...misspelt(new Set(rows.flatMap(({ values }) => Object.keys(values))), file), ...warnings] };
  const shown = problems.slice(0, 50);
  const more = problems.length > shown.length ? [`… and ${problems.length - shown.length} more`] : [];
  throw new UserError([`${file} cannot be used: ${counted(problems.length, 'problem')}.`, ...shown, ...more].join('\n  '), {
    hint: format,
  });
}

type Report = (column: Known, message: string) => void;

function entryOf({ values, problem }: Row, report: Report, rolesToCome: boolean): RosterEntry {
  const value = (name: Known): string | undefined => values[name]?.trim() || undefined;
  const checked = (name: Known, form: RegExp, message: string): string | undefined => {
    const found = value(name);
    if (found !== undefined && !form.test(found)) report(name, `${message}, and is "${short(found, 60)}"`);
    return found;
  };
  const student = value('student');
  if (student === undefined && problem === undefined) report('student', 'is empty; every student needs a name');
  const account = value('account');
  if (account !== undefined && !isAccount(account)) report('account', accountProblem(account));
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
  if (externalId !== undefined && roleArn === undefined && !rolesToCome) report('external_id', roleProblem(account, profile));
  const owner = roleArn?.split(':')[4];
  if (owner !== undefined && account !== undefined && isAccount(account) && owner !== account)
    report('role_arn', `is of account ${owner}, and the column account says ${account}`);
  const columns = Object.fromEntries(Object.entries(values).filter(([name]) => !known.some((each) => each === name)));
  return { student: student ?? '', columns, ...given({ account, roleArn, externalId, profile, region, prefix }) };
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** What is wrong with the number of an account, and what spreadsheets make of one. */
function accountProblem(text: string): string {
  const seen = `must be twelve digits, and is "${short(text, 60)}"`;
  const asText = 'Give the column the format Text in the spreadsheet';
  if (/^\d{6,11}$/.test(text))
    return `${seen}. A spreadsheet takes zeros away at the beginning: is ${text.padStart(12, '0')} meant? ${asText}.`;
  if (/^\d[.,]?\d*E\+?\d+$/i.test(text))
    return `${seen}: a spreadsheet has rounded it, and its digits are lost. ${asText}, and enter it again.`;
  return seen;
}

/** That an ExternalId goes with a role, and which that may be. */
function roleProblem(account: string | undefined, profile: string | undefined): string {
  const example = `arn:aws:iam::${account !== undefined && isAccount(account) ? account : '123456789012'}:role/…`;
  const other = profile === undefined ? '' : '; an ExternalId of the profile stands in its own settings';
  return `goes with the role that it is asked for by, and there is no role_arn: ${example}${other}`;
}

function given<Members extends object>(members: Members): { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}

/** Notes where a value stands. @returns where it has stood before. */
function noted(seen: Map<string, string>, value: string, place: string): string | undefined {
  const before = seen.get(value);
  if (before === undefined) seen.set(value, place);
  return before;
}
