import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { displayPath } from '../../runner/library.ts';
import type { Plan } from '../../runner/plan.ts';
import { classroomTemplate, templateMark, templateScope } from '../../runner/policy/classroom-template.ts';
import { policyDocument } from '../../runner/policy/document.ts';
import { probePermissions, verifierPermissions } from '../../runner/policy/permissions.ts';
import { csvRow } from '../../util/csv.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { legibleLine } from '../../util/printable.ts';
import { shellWord } from '../../util/shell-word.ts';
import { counted } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { loadPlans } from '../lab.ts';
import type { OutputFlags } from '../options.ts';
import { checkWritable, type OutputFile, writeWhole } from '../output-file.ts';
import { type RosterEntry, readRoster } from '../roster.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ClassroomFlags extends OutputFlags {
  readonly lab?: readonly string[];
  /** Twelve digits: the account that looks. */
  readonly trust: string;
  /** A roster with the accounts of the students. */
  readonly students?: string;
  readonly roleName: string;
  readonly output: string;
  readonly probe?: boolean;
}

/** Stands in names where students have prefixes of their own. */
const eachPrefix = { planned: 'kq9z-', written: '*' };

const rosterHead = ['student', 'account', 'role_arn', 'external_id', 'region', 'prefix'] as const;

/**
 * Writes what a class is set up with: a CloudFormation template with the role that `verify` looks as, and, where the accounts
 * of the students are known, a roster in which each has an ExternalId. One that a student has already, there or in an earlier
 * roster, stays the same.
 */
export async function classroomTemplateFiles(flags: ClassroomFlags, io: Surroundings): Promise<ExitCode> {
  const folder = resolve(io.cwd, flags.output);
  const template = fileOf(join(folder, 'verifier.yaml'), (text) => text.startsWith(templateMark), io);
  const roster = fileOf(join(folder, 'roster.csv'), (text) => text.startsWith(rosterHead.join(',')), io);
  const students = flags.students === undefined ? [] : await withAccounts(flags.students, io);
  for (const file of [template, ...(students.length > 0 ? [roster] : [])]) checkWritable(file);
  const earlier = students.length > 0 && existsSync(roster.path) ? (await readRoster(roster.path, io.cwd)).entries : [];
  const plans = await loadPlans(flags.lab, { prefix: eachPrefix.planned }, io);
  const { trust, roleName, probe = false } = flags;
  const scope = { ...templateScope, prefix: eachPrefix };
  const policy = policyDocument([...verifierPermissions(plans, scope), ...(probe ? probePermissions(plans, scope) : [])]);
  writeWhole(template, classroomTemplate({ labs: labsText(plans), trust, roleName, policy, probe }));
  if (students.length > 0) writeWhole(roster, rosterText(students, earlier, flags));
  if (!flags.quiet) io.out(guidance({ template, roster, students }, flags));
  return ExitCode.ok;
}

function fileOf(path: string, isEarlier: OutputFile['isEarlier'], io: Surroundings): OutputFile {
  return { path, name: displayPath(path, io.cwd), isEarlier, folders: true, hint: 'Name another folder with --output.' };
}

async function withAccounts(file: string, io: Surroundings): Promise<readonly RosterEntry[]> {
  const { entries } = await readRoster(file, io.cwd, { rolesToCome: true });
  const without = entries.filter(({ account }) => account === undefined).map(({ student }) => student);
  if (without.length === 0) return entries;
  const names = `${without.slice(0, 5).join(', ')}${without.length > 5 ? ` and ${without.length - 5} more` : ''}`;
  throw new UserError(`${file} has no account for ${counted(without.length, 'student')}: ${names}.`, {
    hint: 'The ARN of a role has the number of the account in it. Ask for it (aws sts get-caller-identity), and put it into the column account.',
  });
}

function rosterText(students: readonly RosterEntry[], earlier: readonly RosterEntry[], { roleName }: ClassroomFlags): string {
  const before = new Map(earlier.map((entry) => [entry.student, entry.externalId]));
  const more = [...new Set(students.flatMap(({ columns }) => Object.keys(columns)))];
  const rows = students.map(({ student, account = '', externalId, region = '', prefix = '', columns }) => [
    student,
    account,
    `arn:aws:iam::${account}:role/${roleName}`,
    externalId ?? before.get(student) ?? randomBytes(12).toString('hex'),
    region,
    prefix,
    ...more.map((name) => columns[name] ?? ''),
  ]);
  return [[...rosterHead, ...more], ...rows].map(csvRow).join('');
}

function labsText(plans: readonly Plan[]): string {
  const ids = plans.map(({ lab }) => lab.id);
  return ids.length === 1 ? `lab ${ids[0]}` : `labs ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

interface Written {
  readonly template: OutputFile;
  readonly roster: OutputFile;
  readonly students: readonly RosterEntry[];
}

function guidance({ template, roster, students }: Written, { roleName, lab, probe = false }: ClassroomFlags): string {
  const deploy = [
    `aws cloudformation deploy --template-file verifier.yaml --stack-name ${shellWord(roleName)}`,
    '--capabilities CAPABILITY_NAMED_IAM --parameter-overrides ExternalId=…',
  ];
  const own = students.length > 0 ? `${legibleLine(roster.name)} is written: ${counted(students.length, 'student')}.\n` : '';
  const next =
    students.length > 0
      ? `Give each student the template and their external_id, to deploy in their account:\n`
      : 'With --students FILE, a roster is written as well, with an ExternalId for each student. Each deploys the template with theirs:\n';
  return [
    `${legibleLine(template.name)} is written: the role ${roleName}, which can read what the checks read, and ${probe ? 'put records into the streams of the labs. It can change nothing else' : 'change nothing'}.\n`,
    own,
    `\n${next}\n  ${deploy.join(' \\\n    ')}\n`,
    students.length > 0
      ? `\nThen: kinesis-labs verify ${lab?.[0] ?? '01'} --roster ${shellWord(roster.name)}${probe ? ' --probe' : ''}\n`
      : '',
  ].join('');
}
